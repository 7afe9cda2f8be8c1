package dev.spillway.it;

import static dev.spillway.it.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that others wrote find in our objects what they rely on, on a real API server with the controller at work: Flux's library for server-side
 * apply and kstatus, Argo CD's ways of applying, client-go's informers, tables as desktop clients ask for them, {@code kubectl wait}, and the
 * client for Python. Each test has regions and a namespace of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 6, unit = TimeUnit.MINUTES)
final class ClientsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ENDPOINT = Pattern.compile("simulated regions serve on (\\S+)");
    private static final String REGIONS = "/apis/spillway.dev/v1alpha1/regions";

    /** What a desktop client sends for each of its lists. */
    private static final String AS_TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    private static final String REGION_COLUMNS =
            "Name Default Backend Zones Reachable Instances Stock Age Accepted Lost Endpoint";
    private static final String POLICY_COLUMNS =
            "Name Ready Units Consistent Strategy Age Reason Message Inconsistency";

    @TempDir
    private static Path folder;

    private HomeCluster home;
    private SpillwayProcess regions;
    private OthersClients clients;
    private String endpoint = "";

    @BeforeAll
    void start() {
        home = new HomeCluster(folder);
        var kubeconfig = home.cluster().kubeconfig();
        clients = new OthersClients(kubeconfig, folder);
        regions = SpillwayProcess.start(
                folder.resolve("regions.log"), "simulated-regions", "--port=0", "--kubeconfig=" + kubeconfig);
        await(
                "the simulated regions serve",
                () -> ENDPOINT.matcher(regions.output()).find());
        var said = ENDPOINT.matcher(regions.output());
        assertThat(said.find()).isTrue();
        endpoint = said.group(1);
        home.startController();
    }

    @AfterAll
    void stop() {
        if (regions != null) {
            regions.close();
        }
        home.close();
    }

    @Test
    void fluxAppliesWaitsSeesNoDriftAndPrunes() throws IOException {
        home.namespace("flux");
        var file =
                file(region("flux-near", "flux-near-a"), region("flux-far", "flux-far-a"), policy("flux", "flux-near"));

        assertThat(flux("apply", file))
                .containsExactlyInAnyOrder(
                        "Region/flux-near created", "Region/flux-far created", "ResourcePolicy/flux/spill created");
        awaitReady("flux", "flux-near", "flux-far");
        flux("wait", file);
        assertThat(flux("status", file))
                .containsExactlyInAnyOrder(
                        "Region/flux-near Current: Resource is Ready",
                        "Region/flux-far Current: Resource is Ready",
                        "ResourcePolicy/flux/spill Current: Resource is Ready");

        home.apply(pod("flux"));
        home.done(
                "wait", "--for=jsonpath={.status.units[0].count}=1", "resourcepolicy/spill", "-nflux", "--timeout=60s");
        assertThat(flux("apply", file))
                .as("what the controller writes is no drift")
                .containsExactlyInAnyOrder(
                        "Region/flux-near unchanged",
                        "Region/flux-far unchanged",
                        "ResourcePolicy/flux/spill unchanged");

        home.done("patch", "region", "flux-far", "--type=merge", "-p", "{\"spec\":{\"offers\":[]}}");
        assertThat(flux("apply", file))
                .as("what another person wrote is drift")
                .contains("Region/flux-far configured", "Region/flux-near unchanged");

        home.done("label", "region", "flux-far", "kustomize.toolkit.fluxcd.io/name-");
        assertThat(flux("prune", file))
                .containsExactlyInAnyOrder(
                        "ResourcePolicy/flux/spill deleted", "Region/flux-near deleted", "Region/flux-far skipped");
        assertThat(home.get("region", "flux-near").isMissingNode()).isTrue();
        home.done("get", "region", "flux-far");
    }

    /** kstatus would wait for it until Flux gives up. */
    @Test
    void whatOnlyAnEditCanMendHasFailed() throws IOException {
        home.apply(region("stalled-first", "stalled-a"));
        awaitReady("", "stalled-first");
        var file = file(region("stalled-second", "stalled-a"));

        flux("apply", file);
        home.done("wait", "--for=condition=Stalled", "region/stalled-second", "--timeout=30s");
        var waited = clients.go("flux", "wait", file);

        assertThat(waited.exitCode()).isEqualTo(1);
        assertThat(waited.err()).contains("Region/stalled-second status: 'Failed'");

        home.apply(region("stalled-second", "stalled-b"));
        awaitReady("", "stalled-second");
        flux("wait", file);
        assertThat(home.get("region", "stalled-second").toString()).doesNotContain("Stalled");
    }

    /** Argo CD's default: the merge of three sides that kubectl does, by the annotation of what was applied last. */
    @Test
    void argoAppliesOnTheClientSideAndSeesNoDifference() throws IOException {
        home.namespace("argo-client");
        var file = file(region("argo-client", "argo-client-a"), policy("argo-client", "argo-client"));
        String[] apply = {"apply", "--field-manager=argocd-controller", "-f", file};

        home.done(apply);
        awaitReady("argo-client", "argo-client");
        assertThat(home.get("region", "argo-client").at("/metadata/annotations").toString())
                .contains("kubectl.kubernetes.io/last-applied-configuration");
        var before = home.get("region", "argo-client").at("/metadata/generation");
        // kubectl calls the Region configured, since it lacks the defaults that the server put into its lists.
        assertThat(home.done(apply)).contains("resourcepolicy.scheduling.alibabacloud.com/spill unchanged");
        assertThat(home.get("region", "argo-client").at("/metadata/generation")).isEqualTo(before);
        // Its exit code is 1 where there is a difference.
        assertThat(home.done("diff", "--field-manager=argocd-controller", "-f", file))
                .isEmpty();
    }

    /** Argo CD's {@code ServerSideApply=true} and its diff on the server's side, and how it prunes: in the foreground. */
    @Test
    void argoAppliesOnTheServerSideSeesNoDifferenceAndPrunes() throws IOException {
        home.namespace("argo-server");
        var file = file(region("argo-server", "argo-server-a"), policy("argo-server", "argo-server"));
        String[] apply = {"apply", "--server-side", "--force-conflicts", "--field-manager=argocd-controller", "-f", file
        };

        home.done(apply);
        awaitReady("argo-server", "argo-server");
        home.apply(pod("argo-server"));
        home.done(
                "wait",
                "--for=jsonpath={.status.units[0].count}=1",
                "resourcepolicy/spill",
                "-nargo-server",
                "--timeout=60s");
        for (var object : List.of("region/argo-server", "resourcepolicy/spill")) {
            var live = home.get(object, "-nargo-server");
            var managers = live.at("/metadata/managedFields");
            assertThat(managers.isMissingNode()).as("kubectl hides them").isTrue();
            assertThat(owned(object, "argocd-controller")).contains("f:spec").doesNotContain("f:status");
        }
        assertThat(home.done(
                        "diff", "--server-side", "--force-conflicts", "--field-manager=argocd-controller", "-f", file))
                .isEmpty();
        var before = withoutStatus(home.get("resourcepolicy", "spill", "-nargo-server"));
        home.done(apply);
        assertThat(withoutStatus(home.get("resourcepolicy", "spill", "-nargo-server")))
                .isEqualTo(before);

        home.done("delete", "pod", "argo-server", "-nargo-server");
        home.done("delete", "--cascade=foreground", "--timeout=60s", "-f", file);
        assertThat(home.get("region", "argo-server").isMissingNode()).isTrue();
        await(
                "its node is gone",
                () -> home.get("node", "virtual-kubelet-argo-server-a").isMissingNode());
    }

    @Test
    void informersOfClientGoSeeWhatComesChangesAndGoes() throws IOException, InterruptedException {
        home.namespace("informed");
        try (var informers = clients.start("informers")) {
            await("all is listed", () -> informers.lines().contains("synced"));

            home.apply(region("informed", "informed-a"));
            home.apply(policy("informed", "informed"));
            awaitReady("informed", "informed");
            home.apply(pod("informed"));
            awaitLine(informers, "added regions informed");
            awaitLine(informers, "updated regions informed Accepted=True Reachable=True Ready=True");
            awaitLine(informers, "added resourcepolicies informed/spill");
            awaitLine(informers, "updated resourcepolicies informed/spill Ready=True Consistent=True");
            awaitLine(informers, "added nodes virtual-kubelet-informed-a.*");
            awaitLine(informers, "added pods informed/informed");
            awaitLine(informers, "updated pods informed/informed .*\\bReady=True.*");

            home.done("delete", "pod", "informed", "-ninformed");
            home.done("delete", "resourcepolicy", "spill", "-ninformed");
            home.done("delete", "region", "informed");
            awaitLine(informers, "deleted pods informed/informed.*");
            awaitLine(informers, "deleted resourcepolicies informed/spill.*");
            awaitLine(informers, "deleted regions informed.*");
            awaitLine(informers, "deleted nodes virtual-kubelet-informed-a.*");

            var all = informers.end();
            assertThat(all).noneMatch(line -> line.startsWith("failed"));
            assertThat(all).noneMatch(line -> line.startsWith("cached") && line.contains("informed"));
        }
    }

    @Test
    void tablesShowTheStatus() throws IOException {
        home.namespace("table");
        home.apply(region("table", "table-a"));
        home.apply(policy("table", "table"));
        awaitReady("table", "table");

        var region = table(REGIONS, "table");
        assertThat(region.names()).isEqualTo(List.of(REGION_COLUMNS.split(" ")));
        assertThat(region.cell("Backend")).isEqualTo("Simulated");
        assertThat(region.cell("Zones")).isEqualTo("table-a");
        assertThat(region.cell("Reachable")).isEqualTo("True");
        assertThat(region.cell("Endpoint")).isEqualTo(endpoint);
        var policy = table("/apis/scheduling.alibabacloud.com/v1alpha1/namespaces/table/resourcepolicies", "spill");
        assertThat(policy.names()).isEqualTo(List.of(POLICY_COLUMNS.split(" ")));
        assertThat(policy.cell("Ready")).isEqualTo("True");
        assertThat(policy.cell("Units")).isEqualTo("table/L20 0 (1 node)");
        var node = table("/api/v1/nodes", "virtual-kubelet-table-a");
        assertThat(node.cell("Status")).isEqualTo("Ready");
    }

    @Test
    void wideColumnsAreThoseOfTheTableAndTheEndCanBeWaitedFor() throws IOException {
        home.apply(region("wide", "wide-a"));
        awaitReady("", "wide");

        var heading =
                home.done("get", "region", "wide", "-owide").lines().toList().getFirst();
        assertThat(heading.split(" +"))
                .isEqualTo(REGION_COLUMNS.toUpperCase(Locale.ROOT).split(" "));
        home.done("delete", "region", "wide", "--wait=false");
        home.done("wait", "--for=delete", "region/wide", "node/virtual-kubelet-wide-a", "--timeout=60s");
    }

    @Test
    void theClientForPythonDeclaresWatchesAndReadsWithItsModels() {
        var whyNot = OthersClients.whyNoPython();
        whyNot.ifPresent(System.out::println);
        assumeThat(whyNot).isEmpty();
        home.namespace("snake");

        var script = clients.python(Path.of("src", "test", "resources", "clients", "client.py"), "snake", endpoint);

        assertThat(script.exitCode()).as(script.out() + script.err()).isZero();
        assertThat(script.out().lines())
                .containsExactly(
                        "created Region snake",
                        "watched until Ready",
                        "applied ResourcePolicy snake acs",
                        "runs on virtual-kubelet-snake-a",
                        "node True linux",
                        "container main ready True",
                        "patched {'app': 'other'}",
                        "watched until judged",
                        "deleted");
    }

    private List<String> flux(String verb, String file) {
        var ended = clients.go("flux", verb, file);
        assertThat(ended.exitCode())
                .as("flux %s: %s%s", verb, ended.out(), ended.err())
                .isZero();
        return ended.out().lines().toList();
    }

    /** By kubectl's wait, for conditions of these names; the policy's where a namespace is named. */
    private void awaitReady(String namespace, String... names) {
        for (var name : names) {
            home.done("wait", "--for=condition=Ready", "region/" + name, "--timeout=60s");
        }
        if (!namespace.isEmpty()) {
            home.done("wait", "--for=condition=Ready", "resourcepolicy/spill", "-n", namespace, "--timeout=60s");
        }
    }

    private static void awaitLine(OthersClients.Running client, String line) {
        var pattern = Pattern.compile(line);
        await(
                line,
                () -> client.lines().stream()
                        .anyMatch(said -> pattern.matcher(said).matches()));
    }

    /** The fields that a manager owns, as JSON. */
    private String owned(String object, String manager) throws IOException {
        var shown = JSON.readTree(home.done("get", object, "-nargo-server", "-ojson", "--show-managed-fields"));
        var fields = JSON.createArrayNode();
        for (var entry : shown.at("/metadata/managedFields")) {
            if (entry.path("manager").asText().equals(manager)) {
                fields.add(entry.path("fieldsV1"));
            }
        }
        return fields.toString();
    }

    private static JsonNode withoutStatus(JsonNode object) {
        var rest = ((ObjectNode) object).deepCopy();
        rest.remove("status");
        ((ObjectNode) rest.path("metadata")).remove("resourceVersion");
        return rest;
    }

    /** The columns of a table, and one row of it. */
    private record Table(List<String> names, JsonNode cells) {
        String cell(String column) {
            return cells.path(names.indexOf(column)).asText();
        }
    }

    private Table table(String path, String name) throws IOException {
        var table = JSON.readTree(home.cluster().api().get(path, AS_TABLE).body());
        assertThat(table.path("kind").asText()).as(table.toString()).isEqualTo("Table");
        var names = StreamSupport.stream(table.path("columnDefinitions").spliterator(), false)
                .map(column -> column.path("name").asText())
                .toList();
        for (var row : table.path("rows")) {
            if (row.at("/object/metadata/name").asText().equals(name)) {
                return new Table(names, row.path("cells"));
            }
        }
        throw new AssertionError("%s has no row %s: %s".formatted(path, name, table));
    }

    private static String file(String... objects) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "objects", ".yaml"), String.join("---\n", objects))
                .toString();
    }

    private String region(String name, String zone) {
        return """
            apiVersion: spillway.dev/v1alpha1
            kind: Region
            metadata: {name: %s}
            spec:
              zones: [{id: %s}]
              offers: [{computeClass: gpu, gpuModel: L20}]
              backend:
                type: Simulated
                endpoint: %s
                simulated: {stock: [{gpuModel: L20, script: {constant: 9}}]}
            """.formatted(name, zone, endpoint);
    }

    private static String policy(String namespace, String region) {
        return """
            apiVersion: scheduling.alibabacloud.com/v1alpha1
            kind: ResourcePolicy
            metadata: {name: spill, namespace: %1$s}
            spec:
              selector: {app: %1$s}
              strategy: required
              units:
                - resource: acs
                  nodeSelector: {topology.kubernetes.io/region: %2$s, type: virtual-kubelet}
                  podLabels:
                    alibabacloud.com/serverless-region-id: %2$s
                    alibabacloud.com/compute-class: gpu
                    alibabacloud.com/gpu-model-series: L20
            """.formatted(namespace, region);
    }

    /** A pod of the namespace's policy, called like the namespace. */
    private static String pod(String namespace) {
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: %1$s, namespace: %1$s, labels: {app: %1$s}}
            spec:
              schedulerName: ack-co-scheduler
              containers: [{name: main, image: nginx}]
            """.formatted(namespace);
    }
}
