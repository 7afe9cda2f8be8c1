package dev.spillway.embedded.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsTest {

    private final Face face = new Face();

    @AfterEach
    void stop() {
        face.close();
    }

    @Test
    void objectsAreCreatedReadAndDeleted() {
        assertThat(face.post(Face.PODS, Face.pod("a")).code()).isEqualTo(201);
        assertThat(face.get(Face.PODS + "/a")
                        .json()
                        .path("metadata")
                        .path("name")
                        .asText())
                .isEqualTo("a");

        assertThat(face.delete(Face.PODS + "/a?gracePeriodSeconds=0").code()).isEqualTo(200);

        Face.Answer gone = face.get(Face.PODS + "/a");
        assertThat(gone.code()).isEqualTo(404);
        assertThat(gone.json().path("message").asText()).isEqualTo("pods \"a\" not found");
    }

    @Test
    void yamlIsUnderstood() {
        Face.Answer created = face.call(
                "POST",
                "/api/v1/namespaces/default/configmaps",
                Face.JSON,
                "application/yaml",
                "metadata: {name: m}\ndata: {a: '1'}\n");

        assertThat(created.code()).isEqualTo(201);
        assertThat(created.json().path("data").path("a").asText()).isEqualTo("1");
    }

    @Test
    void anAnswerThatIsNoJsonCannotBeHad() {
        Face.Answer answer = face.get(Face.PODS, "application/vnd.kubernetes.protobuf");

        assertThat(answer.code()).isEqualTo(406);
        assertThat(answer.json().path("reason").asText()).isEqualTo("NotAcceptable");
    }

    @Test
    void theFirstOfSeveralAcceptedTypesThatCanBeHadIsGiven() {
        assertThat(face.get(Face.PODS, "application/vnd.kubernetes.protobuf,application/json")
                        .json()
                        .path("kind")
                        .asText())
                .isEqualTo("PodList");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/services",
                "/apis/networking.k8s.io/v1/ingresses",
                "/openapi/v2",
                "/apis/apps/v1/namespaces/default/statefulsets/a",
                "/api/v1/namespaces/default/pods/a/exec?command=ls"
            })
    void whatIsNotServedSaysSo(String path) {
        Face.Answer answer = face.get(path);

        assertThat(answer.code()).isEqualTo(404);
        assertThat(answer.json().path("message").asText()).contains("not supported by the embedded cluster");
    }

    @Test
    void whatIsAppliedIsYamlAndBelongsToWhoeverAppliedIt() {
        Face.Answer applied = face.call(
                "PATCH",
                "/api/v1/namespaces/default/configmaps/m?fieldManager=x",
                Face.JSON,
                "application/apply-patch+yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: b}\n");

        assertThat(applied.code()).isEqualTo(201);
        JsonNode owner = applied.json().path("metadata").path("managedFields").path(0);
        assertThat(owner.path("manager").asText()).isEqualTo("x");
        assertThat(owner.path("fieldsV1")).hasToString("{\"f:data\":{\"f:a\":{}}}");
    }

    @Test
    void whatOnlyClaimsToBeProtobufIsRefused() {
        Face.Answer answer =
                face.call("POST", "/api/v1/namespaces", Face.JSON, "application/vnd.kubernetes.protobuf", "k8s");

        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.json().path("message").asText()).contains("protobuf");
    }

    @Test
    void version2OfTheSchemasIsThereAndEmpty() {
        Face.Answer answer = face.get("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("\n\u00032.0");
    }

    @Test
    void furtherDefinitionsAreRefused() {
        String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

        assertThat(face.post(definitions, "{}").text()).contains("not supported by the embedded cluster");
        assertThat(face.delete(definitions + "/regions.spillway.dev").text())
                .contains("not supported by the embedded cluster");
        assertThat(face.merge(definitions + "/regions.spillway.dev", "{'spec':{'scope':'Namespaced'}}")
                        .text())
                .contains("not supported by the embedded cluster");
        assertThat(face.merge(definitions + "/regions.spillway.dev", "{'metadata':{'labels':{'a':'b'}}}")
                        .code())
                .isEqualTo(200);
    }

    /** As 1.37.2 answered, with the names of volumes, which are drawn, left out. */
    @Test
    void podsGetTheServiceAccountOfTheirNamespace() {
        JsonNode spec = face.post(Face.PODS, Face.pod("a")).json().path("spec");

        assertThat(spec.path("serviceAccountName").asText()).isEqualTo("default");
        assertThat(spec.path("serviceAccount").asText()).isEqualTo("default");
        JsonNode volume = spec.path("volumes").path(0);
        assertThat(volume.path("name").asText()).matches("kube-api-access-[a-z0-9]{5}");
        assertThat(volume.path("projected")).isEqualTo(Face.read("""
            {"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},
             {"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},
             {"downwardAPI":{"items":[{"path":"namespace",
              "fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}\
            """));
        assertThat(spec.path("containers").path(0).path("volumeMounts").toString())
                .isEqualTo("""
                    [{"name":"%s","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}]\
                    """.formatted(volume.path("name").asText()));
    }

    @Test
    void aPodWithoutItsServiceAccountIsRefused() {
        Face.Answer refused = face.post(
                Face.PODS,
                "{'metadata':{'name':'a'},'spec':{'serviceAccountName':'nobody','containers':[{'name':'c','image':'i:1'}]}}");

        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.json().path("message").asText())
                .isEqualTo("pods \"a\" is forbidden: error looking up service account default/nobody: serviceaccount"
                        + " \"nobody\" not found");
    }

    @Test
    void controllersMakeThePodsOfADeployment() {
        Face.Events events = face.watch(Face.PODS + "?watch=true");

        face.post(Face.DEPLOYMENTS, Face.deployment("web", 2));

        assertThat(events.next()
                        .path("object")
                        .path("metadata")
                        .path("labels")
                        .path("app")
                        .asText())
                .isEqualTo("web");
        assertThat(events.next().path("type").asText()).isEqualTo("ADDED");
    }

    @Test
    void aDeploymentIsScaledByItsScale() {
        face.post(Face.DEPLOYMENTS, Face.deployment("web", 0));
        String scale = Face.DEPLOYMENTS + "/web/scale";

        JsonNode before = face.get(scale).json();
        JsonNode after = face.merge(scale, "{'spec':{'replicas':2}}").json();

        assertThat(before.path("kind").asText()).isEqualTo("Scale");
        assertThat(before.path("spec").toString()).isEqualTo("{}");
        assertThat(before.path("status").path("selector").asText()).isEqualTo("app=web");
        assertThat(after.path("spec").path("replicas").asInt()).isEqualTo(2);
        assertThat(face.get(Face.DEPLOYMENTS + "/web")
                        .json()
                        .path("spec")
                        .path("replicas")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void aScaleIsWrittenByTheRulesOfTheObject() {
        face.post(Face.DEPLOYMENTS, Face.deployment("web", 0));
        String scale = Face.DEPLOYMENTS + "/web/scale";

        // 1.37.2 answered so.
        assertThat(face.merge(scale, "{'spec':{'replicas':-1}}")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo(
                        "Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must be greater than"
                                + " or equal to 0");
        assertThat(face.merge(scale, "{'metadata':{'resourceVersion':'3'},'spec':{'replicas':2}}")
                        .json()
                        .path("message")
                        .asText())
                .startsWith("Operation cannot be fulfilled on deployments.apps \"web\"");
        assertThat(face.put(scale, "{'kind':'Scale','apiVersion':'autoscaling/v1','metadata':{'name':'d2'}}")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo("the name of the object (d2) does not match the name on the URL (web)");
        assertThat(face.put(scale, "{'metadata':{'name':'web'},'spec':{'replicas':4}}")
                        .code())
                .isEqualTo(200);
        assertThat(face.get(Face.DEPLOYMENTS + "/nope/scale")
                        .json()
                        .path("message")
                        .asText())
                .isEqualTo("deployments.apps \"nope\" not found");
        assertThat(face.delete(scale).code()).isEqualTo(405);
    }

    @Test
    void anOccupiedPortIsNamed() {
        int port = face.cluster().endpoint().getPort();

        assertThatThrownBy(() -> EmbeddedCluster.start(EmbeddedSettings.onPort(port)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(Integer.toString(port));
    }

    @Test
    void theKubeconfigLeadsToTheCluster(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("kubeconfig");

        face.cluster().writeKubeconfig(file);

        assertThat(Files.readString(file))
                .contains("server: " + face.cluster().endpoint())
                .contains("current-context: spillway-embedded");
        assertThatThrownBy(() -> face.cluster().writeKubeconfig(folder.resolve("none/kubeconfig")))
                .hasMessageContaining("kubeconfig");
    }
}
