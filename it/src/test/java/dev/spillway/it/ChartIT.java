package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real helm makes of the chart and the real kustomize of deploy/, without a cluster. */
final class ChartIT {
    private static final String CHART = "../deploy/chart";
    private static final String HAS_POLICIES = "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy";

    @TempDir
    private static Path folder;

    private static InstallTools tools;

    @BeforeAll
    static void obtain() {
        tools = InstallTools.obtain(folder);
    }

    @Test
    void lintHasNothingToSay() {
        var lint = tools.helm("lint", "--strict", "--namespace", "spillway-system", CHART);

        assertThat(lint.done().out())
                .contains("1 chart(s) linted, 0 chart(s) failed")
                .doesNotContain("[WARNING]");
    }

    @Test
    void theChartIsWhatKustomizeBuilds() {
        assertThat(rendered()).isEqualTo(built("../deploy"));
    }

    /** An archive, as a registry of charts has it, takes the files beside the templates along. */
    @Test
    void theArchiveIsTheChart() {
        tools.helm("package", CHART, "--destination", folder.toString()).done();

        var archive = folder.resolve("spillway-0.1.0.tgz").toString();
        assertThat(tools.helm("template", "spillway", archive).done().out())
                .isEqualTo(tools.helm("template", "spillway", CHART).done().out());
    }

    @Test
    void deployBaseIsAnotherNameOfDeploy() {
        assertThat(tools.kustomize("build", "../deploy/base").done().out())
                .isEqualTo(tools.kustomize("build", "../deploy").done().out());
    }

    @Test
    void furtherRightsAreWhatKustomizeBuilds() {
        var built = built("../deploy");
        built.putAll(built("../deploy/kubernetes-regions"));
        built.putAll(built("../deploy/kubelet-certificate"));
        var rendered = rendered("--set", "regions.kubernetes.enabled=true", "--set", "kubelet.certificate=csr");

        var deployment = "Deployment spillway-system/spillway";
        assertThat(the(rendered, deployment).toString()).contains("\"--kubelet-certificate=csr\"");
        rendered.remove(deployment);
        built.remove(deployment);
        assertThat(rendered).isEqualTo(built);
    }

    /** Nothing but what must not move with the release names a namespace of its own. */
    @Test
    void everythingIsInTheNamespaceOfTheRelease() {
        var rendered = tools.helm("template", "mine", CHART, "--namespace", "gpus", "--api-versions", HAS_POLICIES)
                .done();

        assertThat(rendered.out()).doesNotContain("spillway-system");
        assertThat(rendered.objects().values().stream()
                        .map(object -> object.at("/metadata/namespace").asText())
                        .distinct())
                .containsExactlyInAnyOrder("", "gpus", "kube-system", "kube-node-lease");
        assertThat(the(rendered.objects(), "Deployment gpus/spillway").toString())
                .contains("\"--lease-namespace=gpus\"");
    }

    private static final String VALUES = """
            image: {repository: registry.example.com/spillway, digest: "sha256:%s", pullPolicy: Always}
            imagePullSecrets: [pull]
            replicas: 3
            resources: {limits: {memory: 2Gi, cpu: 2}}
            javaOptions: -Xlog:gc
            log: {level: debug, format: json}
            extraArgs: [--scheduler-name=mine, --record=file, --record-folder=/recordings]
            podAnnotations: {note: seen}
            podLabels: {team: ml}
            tolerations: [{key: dedicated, operator: Exists}]
            affinity: {nodeAffinity: {}}
            priorityClass: {name: gpus-first, create: true, value: 1000000000}
            podDisruptionBudget: {maxUnavailable: 2}
            kubelet: {port: 12000}
            regions: {kubernetes: {enabled: true, secretNames: [region-one]}}
            metrics: {serviceMonitor: {enabled: true, labels: {release: prometheus}}}
            networkPolicy:
              metricsFrom: [{namespaceSelector: {matchLabels: {name: monitoring}}}]
              apiServerPorts: [16443]
              extraEgress: [{ports: [{port: 8087}]}]
            extraVolumes: [{name: recordings, persistentVolumeClaim: {claimName: recordings}}]
            extraVolumeMounts: [{name: recordings, mountPath: /recordings}]
            """.formatted("ab".repeat(32));

    @Test
    void valuesReachTheDeployment() throws IOException {
        var values =
                Files.writeString(folder.resolve("deployment.yaml"), VALUES).toString();
        var deployment = the(rendered("--values", values), "Deployment spillway-system/spillway");

        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(3);
        var pod = deployment.at("/spec/template");
        assertThat(pod.at("/metadata/annotations/note").asText()).isEqualTo("seen");
        assertThat(pod.at("/metadata/labels").toString()).contains("\"team\":\"ml\"", "\"app\":\"spillway\"");
        assertThat(pod.at("/spec/imagePullSecrets/0/name").asText()).isEqualTo("pull");
        assertThat(pod.at("/spec/priorityClassName").asText()).isEqualTo("gpus-first");
        assertThat(pod.at("/spec/tolerations/0/key").asText()).isEqualTo("dedicated");
        assertThat(pod.at("/spec/affinity").has("nodeAffinity")).isTrue();
        var main = pod.at("/spec/containers/0");
        assertThat(main.at("/image").asText()).isEqualTo("registry.example.com/spillway@sha256:" + "ab".repeat(32));
        assertThat(main.at("/imagePullPolicy").asText()).isEqualTo("Always");
        assertThat(main.at("/resources/limits/memory").asText()).isEqualTo("2Gi");
        assertThat(main.at("/resources/requests/memory").asText())
                .as("what is not named stays")
                .isEqualTo("512Mi");
        assertThat(main.at("/args").toString())
                .contains("\"--kubelet-port=12000\"", "\"--scheduler-name=mine\"")
                .contains("\"--log-level=debug\"", "\"--log-format=json\"");
        assertThat(main.at("/env/0/value").asText()).isEqualTo("-Xlog:gc");
        assertThat(main.at("/ports/1/containerPort").asInt()).isEqualTo(12000);
        assertThat(main.at("/volumeMounts").findValuesAsText("mountPath")).containsExactly("/tmp", "/recordings");
        assertThat(pod.at("/spec/volumes").findValuesAsText("name")).containsExactly("tmp", "recordings");
    }

    @Test
    void valuesReachWhatIsBesideTheDeployment() throws IOException {
        var values = Files.writeString(folder.resolve("beside.yaml"), VALUES).toString();
        var objects = rendered("--values", values);

        assertThat(the(objects, "PriorityClass /gpus-first").at("/value").asText())
                .isEqualTo("1000000000");
        var budget = the(objects, "PodDisruptionBudget spillway-system/spillway");
        assertThat(budget.at("/spec/maxUnavailable").asInt()).isEqualTo(2);
        var credentials = the(objects, "Role spillway-system/spillway-region-credentials");
        assertThat(credentials.at("/rules/0/resourceNames/0").asText()).isEqualTo("region-one");
        var monitor = the(objects, "ServiceMonitor spillway-system/spillway");
        assertThat(monitor.at("/metadata/labels/release").asText()).isEqualTo("prometheus");
        var network = the(objects, "NetworkPolicy spillway-system/spillway").at("/spec");
        assertThat(network.at("/ingress/0/from/0/namespaceSelector/matchLabels/name")
                        .asText())
                .isEqualTo("monitoring");
        assertThat(network.at("/ingress/1/ports/0/port").asInt()).isEqualTo(12000);
        assertThat(network.at("/egress/1").toString()).isEqualTo("{\"ports\":[{\"port\":16443,\"protocol\":\"TCP\"}]}");
        assertThat(network.at("/egress/2/ports/0/port").asInt()).isEqualTo(8087);
        assertThat(objects)
                .as("only Kubernetes' own classes may need one")
                .doesNotContainKey("ResourceQuota spillway-system/spillway");
    }

    @Test
    void whatIsSwitchedOffIsNotThere() {
        var objects = rendered(
                "--set", "kubelet.enabled=false,networkPolicy.enabled=false,metrics.service=false",
                "--set", "podDisruptionBudget.enabled=false,crds.install=false,admission.mutatingPolicy=never");

        assertThat(objects.keySet())
                .containsExactlyInAnyOrder(
                        "ServiceAccount spillway-system/spillway",
                        "ClusterRole /spillway",
                        "ClusterRoleBinding /spillway",
                        "Role spillway-system/spillway-leases",
                        "RoleBinding spillway-system/spillway-leases",
                        "Role kube-node-lease/spillway-node-leases",
                        "RoleBinding kube-node-lease/spillway-node-leases",
                        "Role kube-system/spillway-profile",
                        "RoleBinding kube-system/spillway-profile",
                        "ResourceQuota spillway-system/spillway",
                        "ValidatingAdmissionPolicy /spillway-own-nodes",
                        "ValidatingAdmissionPolicyBinding /spillway-own-nodes",
                        "Deployment spillway-system/spillway");
        assertThat(the(objects, "Deployment spillway-system/spillway").toString())
                .contains("\"--no-kubelet\"")
                .doesNotContain("--kubelet-port", "10250");
    }

    /** Each is refused with one line that names the value. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            replicas=0                                              | replicas
            replica=3                                               | replica
            image.tag=x,image.digest=sha256:%s                      | image.tag and image.digest are both set
            image.digest=latest                                     | digest
            log.level=LOUD                                          | level
            resources.limits.memory=much                            | memory
            kubelet.port=8086                                       | kubelet.port is 8086
            kubelet.port=80                                         | port
            kubelet.enabled=false,kubelet.certificate=csr           | kubelet.certificate is set
            priorityClass.create=true                               | priorityClass.create is set
            metrics.service=false,metrics.serviceMonitor.enabled=true | without metrics.service
            regions.kubernetes.secretNames[0]=one                   | regions.kubernetes.enabled is not
            extraArgs[0]=--port=1                                   | extraArgs has --port
            extraArgs[0]=--no-leader-election                       | set replicas to 1
            extraArgs[0]=--kubeconfig=x                             | extraArgs has --kubeconfig
            extraArgs[0]=controller                                 | extraArgs
            extraArgs[0]=--record=file                              | --record=file without --record-folder
            extraVolumeMounts[0].name=x,extraVolumeMounts[0].mountPath=/x | extraVolumes does not have
            networkPolicy.apiServerPorts[0]=0                       | apiServerPorts
            podLabels.app=x                                         | podLabels sets app
            admission.mutatingPolicy=perhaps                        | mutatingPolicy
            """)
    void whatCannotBeIsRefused(String values, String named) {
        var refused = tools.helm("template", "spillway", CHART, "--set", values.formatted("ab".repeat(32)));

        assertThat(refused.exitCode()).as(refused.out()).isNotZero();
        assertThat(refused.err()).contains(named).doesNotContain("nil pointer", "goroutine");
        assertThat(refused.out()).isEmpty();
    }

    private static ObjectNode the(Map<String, ObjectNode> objects, String name) {
        return Objects.requireNonNull(objects.get(name), name);
    }

    /** As helm renders it, without the marks that are helm's own. */
    private static Map<String, ObjectNode> rendered(String... further) {
        var words = new ArrayList<>(List.of(
                "template", "spillway", CHART, "--namespace", "spillway-system", "--api-versions", HAS_POLICIES));
        words.addAll(List.of(further));
        var objects = tools.helm(words.toArray(String[]::new)).done().objects();
        objects.values().forEach(object -> {
            var metadata = (ObjectNode) object.path("metadata");
            var labels = (ObjectNode) metadata.path("labels");
            Stream.of("app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "app.kubernetes.io/version")
                    .forEach(labels::remove);
            labels.remove("helm.sh/chart");
            if (metadata.path("annotations") instanceof ObjectNode annotations) {
                annotations.remove("helm.sh/resource-policy");
                if (annotations.isEmpty()) {
                    metadata.remove("annotations");
                }
            }
        });
        return objects;
    }

    /** As kustomize builds it, without the namespace, which a release is given. */
    private static Map<String, ObjectNode> built(String kustomization) {
        var objects =
                new TreeMap<>(tools.kustomize("build", kustomization).done().objects());
        objects.remove("Namespace /spillway-system");
        return objects;
    }
}
