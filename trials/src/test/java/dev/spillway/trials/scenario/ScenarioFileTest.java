package dev.spillway.trials.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.regions.simulated.Outage;
import dev.spillway.trials.scenario.file.MalformedScenarioException;
import dev.spillway.trials.scenario.kubelet.PlayedNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ScenarioFileTest {
    private static final String GOOD = """
        title: E99 example
        regions:
          - id: region-a
            stock: [{computeClass: gpu, gpuModel: m1, instances: 2}]
        nodes:
          - {name: a1, labels: {pool: a}, resources: {cpu: "2"}}
          - {name: a2, ready: false, joinsLater: true}
        objects:
          pod:
            apiVersion: v1
            kind: Pod
            metadata: {name: one, namespace: demo}
          workload:
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
        steps:
          - apply: [pod, workload]
          - scale: {deployment: web, replicas: 3}
          - advance: 5m
          - stock: {region: region-a, computeClass: gpu, gpuModel: m1, instances: 0}
          - fail: {pods: {svc: web}}
          - reclaim: {pods: {svc: web}}
          - failAfterAccept: {region: region-a, perMille: 1000}
          - deletePods: {svc: web}
          - cordon: virtual-kubelet-region-a-1
          - zones: {region: region-a, zones: [region-a-1, region-a-2]}
          - bind: {pod: pod, node: virtual-kubelet-region-a-1}
          - join: a2
          - nodeReady: a2
          - nodeNotReady: a1
          - unready: {pods: {svc: web}, node: a1}
          - leave: a2
          - terminate: pod
          - letGo: pod
          - delete: pod
          - wait: the pods run
            within: 45s
            until:
              - phase: Running
          - hold: nothing changes
            expect:
              - count: 3
          - hold: still nothing
            for: 45s
            expect:
              - {count: 3}
          - outage: {region: region-a, is: Hang}
          - deleteNode: virtual-kubelet-region-a-1
        expect:
          - pods: {svc: web}
            labels: {svc: web, tier: gold}
        """;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void namesFaultsThatItCatches() throws IOException {
        var scenario = ScenarioFile.read(file(
                GOOD.replace("title: E99 example", "title: E99 example\ncatches: [max-one-more, units-reversed]")));

        assertThat(scenario.catches()).containsExactly("max-one-more", "units-reversed");
        assertThatThrownBy(() -> ScenarioFile.read(
                        file(GOOD.replace("title: E99 example", "title: E99 example\ncatches: sunspots"))))
                .hasMessageContaining("there is no fault 'sunspots'");
    }

    @Test
    void readsThatAnswersAreLost() throws IOException {
        var scenario = ScenarioFile.read(file(GOOD.replace("failAfterAccept", "loseAnswers")));

        assertThat(scenario.steps()).contains(new Step.LoseAnswers("region-a", 1000));
    }

    @Test
    void readsWhatIsGiven() throws IOException {
        var scenario = ScenarioFile.read(file(GOOD));

        assertThat(scenario.title()).isEqualTo("E99 example");
        assertThat(scenario.id()).isEqualTo("E99");
        assertThat(scenario.regions())
                .containsExactly(new Scenario.GivenRegion(
                        "region-a",
                        List.of("region-a-1"),
                        false,
                        true,
                        Duration.ofMinutes(15),
                        List.of(new Scenario.Stock("gpu", "default", "m1", List.of(), 2))));
        assertThat(scenario.nodes())
                .containsExactly(
                        new PlayedNode(
                                "a1",
                                Map.of("pool", "a"),
                                Map.of("cpu", "2", "memory", "64Gi", "pods", "110"),
                                true,
                                false),
                        new PlayedNode("a2", Map.of(), Map.of(), false, true));
    }

    @Test
    void readsEveryKindOfStep() throws IOException {
        var scenario = ScenarioFile.read(file(GOOD));

        var running = new Expectation.EveryPod(Map.of(), new PodCheck.Phase("Running"));
        assertThat(scenario.steps())
                .containsExactly(
                        new Step.Apply(List.of("pod", "workload")),
                        new Step.Scale("web", 3),
                        new Step.Advance(Duration.ofMinutes(5)),
                        new Step.SetStock("region-a", new Scenario.Stock("gpu", "default", "m1", List.of(), 0)),
                        new Step.Fail(Map.of("svc", "web")),
                        new Step.Reclaim(Map.of("svc", "web")),
                        new Step.FailAfterAccept("region-a", 1000),
                        new Step.DeletePods(Map.of("svc", "web")),
                        new Step.Cordon("virtual-kubelet-region-a-1"),
                        new Step.Zones("region-a", List.of("region-a-1", "region-a-2")),
                        new Step.Bind("pod", "virtual-kubelet-region-a-1"),
                        new Step.Join("a2"),
                        new Step.NodeReady("a2", true),
                        new Step.NodeReady("a1", false),
                        new Step.Unready(Map.of("svc", "web"), "a1"),
                        new Step.Leave("a2"),
                        new Step.Terminate("pod"),
                        new Step.LetGo("pod"),
                        new Step.Delete("pod"),
                        new Step.Wait("the pods run", Duration.ofSeconds(45), List.of(running)),
                        new Step.Hold(
                                "nothing changes",
                                Duration.ofMinutes(10),
                                List.of(new Expectation.PodCount(Map.of(), 3))),
                        new Step.Hold(
                                "still nothing",
                                Duration.ofSeconds(45),
                                List.of(new Expectation.PodCount(Map.of(), 3))),
                        new Step.SetOutage("region-a", new Outage.Hang()),
                        new Step.DeleteNode("virtual-kubelet-region-a-1"));
    }

    @Test
    void aMapOfTwoLabelsMakesTwoExpectations() throws IOException {
        assertThat(ScenarioFile.read(file(GOOD)).expectations())
                .containsExactly(
                        new Expectation.EveryPod(
                                Map.of("svc", "web"), new PodCheck.Has(PodCheck.In.LABELS, "svc", "web")),
                        new Expectation.EveryPod(
                                Map.of("svc", "web"), new PodCheck.Has(PodCheck.In.LABELS, "tier", "gold")));
    }

    /** A slip in an otherwise good file, and the one line that it gives. */
    record Slip(String what, String right, String wrong, int line, String message) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Slip> slips() {
        return Stream.of(slipsInWords(), slipsInNames(), slipsInForm())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Slip> slipsInWords() {
        return List.of(
                new Slip(
                        "misspelt key of the file",
                        "title: E99",
                        "titel: E99",
                        1,
                        "a scenario has no 'titel'; allowed are title, catches, regions, nodes, objects, steps,"
                                + " expect."),
                new Slip(
                        "misspelt key of a region",
                        "    stock: [",
                        "    stocks: [",
                        4,
                        "a region has no 'stocks'; allowed are id, zones, default, reachable, outagePatience, stock."),
                new Slip(
                        "stock that is no number",
                        "instances: 2}",
                        "instances: many}",
                        4,
                        "'instances' of a line of stock must be a number, 0 or more, not \"many\"."),
                new Slip(
                        "a step that does not exist",
                        "- advance: 5m",
                        "- sleep: 5m",
                        20,
                        "a step has no 'sleep'; allowed are apply, scale, delete, terminate, letGo, bind, join, leave,"
                                + " nodeReady, nodeNotReady, unready, advance, stock, fail, reclaim, failAfterAccept,"
                                + " outage, deletePods, cordon, deleteNode, zones, loseAnswers, wait, hold, until, within,"
                                + " for, expect."),
                new Slip(
                        "a time without a unit",
                        "advance: 5m",
                        "advance: 300",
                        20,
                        "'advance' of advance must be a length of time such as 30s, 4m50s or 1h, not 300."),
                new Slip(
                        "an expectation that does not exist",
                        "- phase: Running",
                        "- fase: Running",
                        40,
                        "an expectation has no 'fase'; allowed are pods, count, "),
                new Slip(
                        "a phase that does not exist",
                        "phase: Running",
                        "phase: Runing",
                        40,
                        "there is no phase 'Runing'; allowed are Pending, Running, Succeeded, Failed."));
    }

    private static List<Slip> slipsInNames() {
        return List.of(
                new Slip(
                        "an object that the file does not have",
                        "apply: [pod, workload]",
                        "apply: [pod, worklaod]",
                        18,
                        "the file has no object 'worklaod'; it has pod, workload."),
                new Slip(
                        "an outage that does not exist",
                        "is: Hang",
                        "is: Hung",
                        48,
                        "there is no outage 'Hung'; allowed are Hang, None, Throttled, Unauthorised, Unavailable."),
                new Slip(
                        "an event on two things",
                        "labels: {svc: web, tier: gold}",
                        "labels: {svc: web}\n  - eventOn: {region: region-a, node: a1, reason: VirtualNodeDeleted}",
                        53,
                        "an event is on exactly one of object, node, region."),
                new Slip(
                        "an object that is never applied",
                        "apply: [pod, workload]",
                        "apply: pod",
                        8,
                        "object 'workload' is applied by no step; apply it or leave it out."),
                new Slip(
                        "a Deployment that the file does not have",
                        "deployment: web",
                        "deployment: wbe",
                        19,
                        "the file has no Deployment 'wbe'; it has web."),
                new Slip(
                        "a region that the file does not have",
                        "stock: {region: region-a",
                        "stock: {region: region-b",
                        21,
                        "the file has no region 'region-b'; it has region-a."),
                new Slip(
                        "another namespace",
                        "namespace: demo",
                        "namespace: default",
                        9,
                        "object 'pod' is in namespace default; a Pod can be in demo or other."),
                new Slip(
                        "a kind that cannot be used",
                        "kind: Pod",
                        "kind: Secret",
                        9,
                        "object 'pod' is a Secret; allowed are ConfigMap, Deployment, Job, Pod, ResourcePolicy."));
    }

    private static List<Slip> slipsInForm() {
        return List.of(
                new Slip(
                        "a label that YAML takes for a flag",
                        "labels: {svc: web,",
                        "labels: {svc: true,",
                        52,
                        "'labels.svc' of an expectation must be a text, not true; put it in quotes."),
                new Slip(
                        "two expectations in one item",
                        "- count: 3",
                        "- {count: 3, phase: Running}",
                        43,
                        "an expectation has exactly one of count, "),
                new Slip(
                        "an expectation without content",
                        "labels: {svc: web, tier: gold}",
                        "labels: {}",
                        52,
                        "'labels' says nothing; give at least one entry."),
                new Slip(
                        "a wait for nothing",
                        "within: 45s",
                        "within: 45s\n    until: []",
                        40,
                        "'until' is given a second time, first in line 39; give it once."),
                new Slip(
                        "what is not YAML",
                        "- delete: pod",
                        "- delete: [pod",
                        37,
                        "this is not YAML: while parsing a flow sequence; expected ',' or ']', but got :."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slips")
    void namesFileLineAndWhatIsAllowed(Slip slip) throws IOException {
        assertThat(GOOD).contains(slip.right());
        Path file = file(GOOD.replace(slip.right(), slip.wrong()));

        assertThatThrownBy(() -> ScenarioFile.read(file))
                .isInstanceOf(MalformedScenarioException.class)
                .message()
                .startsWith("%s:%d: %s".formatted(file, slip.line(), slip.message()))
                .as("one line")
                .doesNotContain("\n");
    }

    @Test
    void namesAFileThatDoesNotExist() {
        Path absent = folder.resolve("absent.yaml");

        assertThatThrownBy(() -> ScenarioFile.read(absent))
                .hasMessage("%s: there is no such file; name a scenario file or a folder of them.", absent);
    }

    @Test
    void aFolderMeansItsFilesInOrderOfName() throws IOException {
        Path second = Files.writeString(folder.resolve("b.yaml"), GOOD);
        Path first = Files.writeString(folder.resolve("a.yaml"), GOOD);
        Files.writeString(folder.resolve("README.md"), "not a scenario");

        assertThat(ScenarioFile.find(List.of(folder))).containsExactly(first, second);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("scenario.yaml"), content);
    }
}
