package dev.spillway.crds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.spillway.crds.policy.NextUnitPolicy;
import dev.spillway.crds.policy.ResourcePolicySpec;
import dev.spillway.crds.policy.Strategy;
import dev.spillway.crds.policy.UnitResource;
import dev.spillway.crds.policy.WhenTryNextUnits;
import dev.spillway.crds.region.RegionSpec;
import dev.spillway.crds.simulated.SimulatedBackend.Outage;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the objects read and write as JSON: what a server stores must survive, and both sides must agree on defaults. */
class WireFormTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new YAMLMapper();

    private static final String FULL_POLICY = """
            selector: {app: web}
            matchExpressions:
            - {key: tier, operator: In, values: [gold]}
            - {key: canary, operator: DoesNotExist}
            consumerRef: {apiVersion: batch/v1, kind: Job, namespace: demo, name: train, uid: 3b3e, resourceVersion: "12", fieldPath: spec}
            strategy: required
            units:
            - resource: ecs
              nodeSelector: {pool: a}
              max: 0
              maxResources: {cpu: 1500m, memory: 4Gi}
              podLabels: {tier: gold, empty: ""}
              podAnnotations: {note: any}
              spotInstance: false
              scaleInWeight: -50
            - {resource: idc}
            - {resource: elastic}
            - {resource: eci}
            - {resource: acs}
            preemptPolicy: BeforeNextUnit
            ignorePreviousPod: true
            ignoreTerminatingPod: false
            matchLabelKeys: [pod-template-hash]
            whenTryNextUnits: {policy: TimeoutOrExceedMax, timeout: 1m}
            """;

    private static final String FULL_REGION = """
            default: true
            zones: [{id: a}, {id: b}]
            offers:
            - {zones: [a], computeClass: gpu, computeQos: best-effort, gpuModel: L20, spot: true}
            allowedNamespaces: [demo]
            lost: true
            maxPods: 7
            outagePatienceSeconds: 60
            backend:
              type: Simulated
              endpoint: http://127.0.0.1:8087
              requestTimeoutMillis: 1000
              simulated:
                stock:
                - zones: [a]
                  computeClass: gpu
                  computeQos: default
                  gpuModel: L20
                  spot: false
                  script: {constant: 5}
                  microsUsdPerHour: 1100000
                - script: {schedule: [{afterSeconds: 0, instances: 1}, {afterSeconds: 9, instances: 0}]}
                - script: {random: {seed: 3, meanAvailableSeconds: 60, meanSoldOutSeconds: 30, instances: 4}}
                - script: {trace: {file: a.json, instancesWhenAvailable: 2, speed: 60}}
                startupDelayMillis: 1
                refusalLatencyMillis: 2
                acceptLatencyMillis: 3
                outage: Hang
                loseAnswersPerMille: 4
                failAfterAcceptPerMille: 5
                settleMillis: 6
                seed: 7
            """;

    @Test
    void everyFieldOfAPolicySurvivesReadingAndWriting() throws IOException {
        var spec = YAML.readValue(FULL_POLICY, ResourcePolicySpec.class);

        assertThat(json(spec)).isEqualTo(json(YAML.readTree(FULL_POLICY)));
        assertThat(spec.strategy()).isEqualTo(Strategy.REQUIRED);
        assertThat(spec.units().getFirst().maxResources())
                .isEqualTo(Map.of("cpu", Quantity.parse("1500m"), "memory", Quantity.parse("4Gi")));
    }

    @Test
    void everyFieldOfARegionSurvivesReadingAndWriting() throws IOException {
        var spec = YAML.readValue(FULL_REGION, RegionSpec.class);

        assertThat(json(spec)).isEqualTo(json(YAML.readTree(FULL_REGION)));
    }

    @Test
    void absentPolicyFieldsReadAsTheDefaultsThatTheServerStores() throws IOException {
        var minimal = YAML.readTree("units: [{resource: acs}]");

        assertThat(json(YAML.treeToValue(minimal, ResourcePolicySpec.class)))
                .isEqualTo(withDefaults(minimal, schema("resourcepolicies.scheduling.alibabacloud.com")));
    }

    @Test
    void absentRegionFieldsReadAsTheDefaultsThatTheServerStores() throws IOException {
        var minimal = YAML.readTree("""
                zones: [{id: a}]
                offers: [{}]
                backend:
                  type: Simulated
                  simulated:
                    stock:
                    - script: {trace: {file: a}}
                    - script: {random: {meanAvailableSeconds: 1, meanSoldOutSeconds: 1, instances: 1}}
                """);

        assertThat(json(YAML.treeToValue(minimal, RegionSpec.class)))
                .isEqualTo(withDefaults(minimal, schema("regions.spillway.dev")));
    }

    @Test
    void theTypesSpellingOfNoTerminatingReadsLikeTheDocuments() throws IOException {
        var wait = JSON.readValue("{\"policy\": \"LackResourceAndNoterminating\"}", WhenTryNextUnits.class);

        assertThat(wait.policy()).isEqualTo(NextUnitPolicy.LACK_RESOURCE_AND_NO_TERMINATING);
        assertThat(json(wait).get("policy").textValue()).isEqualTo("LackResourceAndNoTerminating");
    }

    @Test
    void nobodyAllowedIsNotReadAsEverybody() throws IOException {
        var nobody = YAML.readValue("allowedNamespaces: []", RegionSpec.class);

        assertThat(nobody.allowedNamespaces()).isEmpty();
        assertThat(YAML.treeToValue(json(nobody), RegionSpec.class).allowedNamespaces())
                .isEmpty();
    }

    @Test
    void objectsWithFieldsOfALaterVersionStillLoad() throws IOException {
        var spec = YAML.readValue("{units: [{resource: eci, later: 1}], later: {a: b}}", ResourcePolicySpec.class);

        assertThat(spec.units()).hasSize(1);
        assertThat(spec.units().getFirst().resource()).isEqualTo(UnitResource.ECI);
    }

    @Test
    void lettersOfTheWrongCaseAreNotGuessed() {
        assertThatThrownBy(() -> JSON.readValue("\"Prefer\"", Strategy.class))
                .hasMessageContaining("[prefer, required]");
        assertThatThrownBy(() -> JSON.readValue("\"hang\"", Outage.class)).hasMessageContaining("Hang");
    }

    @Test
    void listsCannotBeChangedAfterwards() throws IOException {
        var spec = YAML.readValue(FULL_POLICY, ResourcePolicySpec.class);

        assertThatThrownBy(() -> spec.units().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> spec.selector().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> spec.units().getFirst().podLabels().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    // Through text, so that numbers compare by value and not by the class that holds them.
    private static JsonNode json(Object value) throws IOException {
        return JSON.readTree(JSON.writeValueAsString(value));
    }

    private static JSONSchemaProps schema(String crd) throws IOException {
        var definition =
                YAML.readValue(Files.readString(CrdYaml.FOLDER.resolve(crd + ".yaml")), CustomResourceDefinition.class);
        return CrdYaml.at(
                definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), "spec");
    }

    /** What the server does on creation: absent fields that have a default get it, from the outside inwards. */
    private static JsonNode withDefaults(JsonNode value, JSONSchemaProps schema) {
        var result = value.deepCopy();
        if (result instanceof ObjectNode object && schema.getProperties() != null) {
            schema.getProperties().forEach((name, field) -> {
                if (!object.has(name) && field.getDefault() != null) {
                    object.set(name, field.getDefault());
                }
                if (object.has(name)) {
                    object.set(name, withDefaults(object.get(name), field));
                }
            });
        } else if (result.isArray() && schema.getItems() != null) {
            var items = JSON.createArrayNode();
            result.forEach(
                    item -> items.add(withDefaults(item, schema.getItems().getSchema())));
            return items;
        }
        return result;
    }
}
