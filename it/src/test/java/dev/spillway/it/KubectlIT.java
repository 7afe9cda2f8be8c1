package dev.spillway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user's kubectl says while the demo is up, on the embedded cluster and on a real control plane: the same commands, in the same
 * order, must end alike and print the same, names, addresses and ages aside. What may differ all the same is said at the command.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class KubectlIT {
    private static final String PINNED = "nginx-gpu-deployment-specified-region";
    private static final String SPILLING = "nginx-gpu-deployment-resourcepolicy";
    private static final String PINNED_NODE = "virtual-kubelet-cn-beijing-i"; // the only one that its pods may go to
    private static final String SPILLED = "alibabacloud.com/gpu-model-series=GU8TF";
    private static final Pattern KUBECONFIG = Pattern.compile("export KUBECONFIG=(\\S+)");

    /** In this order on either cluster: later ones build on what earlier ones did. */
    private static final List<KubectlCommand> COMMANDS = KubectlCommand.list(
            "version",
            "wait --for=jsonpath={.status.instances}=4 region/cn-hangzhou --timeout=60s",
            "wait --for=jsonpath={.status.instances}=1 region/cn-beijing --timeout=60s",
            "wait --for=jsonpath={.status.stockSummary} region/cn-beijing --timeout=60s",
            "wait --for=jsonpath={.status.units[1].count}=0 resourcepolicy/multi-vk-gpu-resourcepolicy --timeout=60s",
            "get nodes",
            "get nodes -o wide",
            "get nodes --show-labels",
            "get region cn-beijing",
            "get resourcepolicies",
            "get pods",
            "get pods -o wide",
            "get deployment,rs -o wide",
            "get namespaces default",
            "describe node virtual-kubelet-cn-hangzhou-j",
            "describe region cn-beijing",
            "describe resourcepolicy",
            "explain region",
            "explain region.spec.backend --recursive",
            "explain resourcepolicy.spec.units",
            "apply -f ARTICLE1 -f ARTICLE2",
            "apply -f ARTICLE1 -f ARTICLE2",
            "scale deployment " + SPILLING + " --replicas 6",
            "@last rollout status deployment/" + SPILLING,
            "wait --for=condition=Available deployment/" + SPILLING + " --timeout=30s",
            "get deployment " + SPILLING,
            "@sorted describe deployment " + SPILLING,
            "@sorted describe rs -l app=nginx-gpu-resourcepolicy",
            "describe pod -l " + SPILLED,
            "get pod -l " + SPILLED + " -o yaml",
            "get pods -o jsonpath={.items[*].spec.schedulerName}",
            "@sorted get pods -o custom-columns=NODE:.spec.nodeName,UNIT:.metadata.annotations.spillway\\.dev/unit",
            "get deployment " + PINNED + " -o json",
            "@sorted get deployment " + SPILLING + " -o yaml",
            "get pods nothing",
            "get nothing",
            "delete pod nothing",
            "apply -f UNKNOWN_FIELD",
            "apply -f UNKNOWN_FIELD --validate=warn",
            "delete deployment unknown-field",
            "apply -f UNKNOWN_KIND",
            "apply -f WRONG_TYPE",
            "@sorted apply -f WRONG_POLICY",
            "patch region cn-beijing --type strategic -p {\"spec\":{\"default\":false}}",
            "patch region cn-beijing --type merge -p {\"spec\":{\"zones\":[]}}",
            "patch region cn-beijing --type json -p [{\"op\":\"test\",\"path\":\"/spec/default\",\"value\":true}]",
            "patch deployment " + PINNED + " -p {\"spec\":{\"replicas\":\"three\"}}",
            "patch deployment " + PINNED + " -p nonsense",
            "scale deployment nothing --replicas 1",
            "apply --server-side -f ARTICLE1",
            "apply --server-side --force-conflicts -f ARTICLE1",
            "apply --server-side --force-conflicts -f ARTICLE1",
            "apply --dry-run=server -f ARTICLE2",
            "rollout restart deployment/" + PINNED,
            "@last rollout status deployment/" + PINNED,
            "@sorted describe deployment " + PINNED,
            "cordon " + PINNED_NODE,
            "get node " + PINNED_NODE,
            "cordon " + PINNED_NODE,
            "@sorted drain " + PINNED_NODE,
            "uncordon " + PINNED_NODE,
            "get node " + PINNED_NODE,
            "@last rollout status deployment/" + PINNED,
            "scale deployment " + SPILLING + " --replicas 2",
            "@last rollout status deployment/" + SPILLING,
            "wait --for=jsonpath={.status.replicas}=2 deployment/" + SPILLING + " --timeout=30s",
            "delete -f ARTICLE1 -f ARTICLE2",
            "@code wait --for=delete pod -l app=nginx-gpu-resourcepolicy --timeout=30s",
            "get pods",
            "get deployments,rs",
            "create namespace made",
            "create configmap made --from-literal=a=b",
            "get configmap made",
            "create pdb made --min-available=50% --selector=app=made",
            "get pdb made",
            "create pdb wrong --min-available=200% --selector=app=made",
            "drain nothing",
            "delete configmap,pdb made");

    private static final Map<String, String> FILES = new TreeMap<>(Map.of(
            "ARTICLE1", "../examples/article-1-pinned.yaml",
            "ARTICLE2", "../examples/article-2-spill.yaml",
            "UNKNOWN_FIELD", "src/test/resources/kubectl/unknown-field.yaml",
            "UNKNOWN_KIND", "src/test/resources/kubectl/unknown-kind.yaml",
            "WRONG_POLICY", "src/test/resources/kubectl/wrong-policy.yaml",
            "WRONG_TYPE", "src/test/resources/kubectl/wrong-type.yaml"));

    private ControlPlane cluster;
    private final List<String> real = new ArrayList<>();
    private final List<String> embedded = new ArrayList<>();
    private String logs = "";
    private List<String> watched = List.of();
    private List<String> realResources = List.of();
    private List<String> embeddedResources = List.of();

    @BeforeAll
    void runEverythingOnBoth(@TempDir Path folder) throws IOException, InterruptedException {
        cluster = ControlPlane.start(ControlPlaneSettings.defaults());
        String kubeconfig = cluster.kubeconfig().toString();
        try (var demo =
                SpillwayProcess.start(folder.resolve("real.log"), "demo", "--yes", "--kubeconfig", kubeconfig)) {
            var kubectl = new Kubectl(cluster.kubectl(), kubeconfigOf(demo));
            realResources =
                    kubectl.run(List.of("api-resources", "--no-headers")).lines();
            COMMANDS.forEach(command -> real.add(command.normalised(kubectl.run(command.words(FILES)))));
        }
        try (var demo = SpillwayProcess.start(folder.resolve("embedded.log"), "demo")) {
            var kubectl = new Kubectl(cluster.kubectl(), kubeconfigOf(demo));
            embeddedResources =
                    kubectl.run(List.of("api-resources", "--no-headers")).lines();
            logs = kubectl.run(List.of("logs", "deployment/" + PINNED)).text();
            try (var watch = kubectl.start(folder.resolve("watch"), List.of("get", "pods", "--watch", "-l", SPILLED))) {
                COMMANDS.forEach(command -> embedded.add(command.normalised(kubectl.run(command.words(FILES)))));
                watched = watch.lines();
            }
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private static Path kubeconfigOf(SpillwayProcess demo) {
        Await.await("the demo has told its story", Duration.ofMinutes(3), () -> {
            assertThat(demo.isAlive()).as(demo.output()).isTrue();
            return demo.output().contains("Three things to try");
        });
        Matcher found = KUBECONFIG.matcher(demo.output());
        assertThat(found.find()).as(demo.output()).isTrue();
        return Path.of(found.group(1));
    }

    static List<Integer> commands() {
        return IntStream.range(0, COMMANDS.size()).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void bothClustersAnswerAlike(int number) {
        assertThat(embedded.get(number)).as("kubectl %s", COMMANDS.get(number)).isEqualTo(real.get(number));
    }

    @Test
    void whatTheEmbeddedClusterServesIsServedByARealOne() {
        assertThat(embeddedResources).hasSizeGreaterThan(10);
        assertThat(KubectlCommand.squeezed(realResources)).containsAll(KubectlCommand.squeezed(embeddedResources));
    }

    /** A real control plane without kubelets has no logs. */
    @Test
    void theLogOfAPodSaysWhatItIs() {
        assertThat(logs).contains("simulated container nginx", "on node virtual-kubelet-cn-beijing-i");
    }

    @Test
    void aWatchShowsAPodComeAndGo() {
        assertThat(String.join("\n", watched)).containsSubsequence("Pending", "Running", "Terminating");
    }
}
