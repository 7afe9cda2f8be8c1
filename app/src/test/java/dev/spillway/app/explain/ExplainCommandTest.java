package dev.spillway.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.app.FakeApiServer;
import dev.spillway.app.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ExplainCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String POD = "/api/v1/namespaces/demo/pods/web-1";
    private static final String EVENTS = "/api/v1/namespaces/demo/events";
    private static final String WAITING_TEXT =
            "0/2 units can take the pod now, next try at 2026-01-01T12:00:00Z. unit 1 (acs region-a gpu/default/m1):"
                    + " SoldOut: gpu/default/m1 is sold out in zone a-1 (none left), next try at 2026-01-01T12:00:00Z;"
                    + " NodeUnfit: node virtual-kubelet-a-2 is cordoned. unit 2 (ecs): CapReached: its cap is reached, 2"
                    + " of 2.";

    @TempDir
    private Path folder = Path.of("");

    private final FakeApiServer server =
            new FakeApiServer().answers(EVENTS, 200, "{\"items\": []}").answers("/api/v1/namespaces/demo", 200, "{}");

    private record Ran(int code, String out, String err) {}

    @AfterEach
    void stop() {
        server.close();
    }

    private Ran explain(String... options) throws IOException {
        var args = new String[options.length + 4];
        System.arraycopy(options, 0, args, 4, options.length);
        args[0] = "explain";
        args[1] = "--kubeconfig=" + server.kubeconfig(folder);
        args[2] = "-n";
        args[3] = "demo";
        return run(args);
    }

    private static Ran run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new Ran(code, out.toString(), err.toString());
    }

    private static ObjectNode pod() {
        ObjectNode pod = JSON.createObjectNode();
        pod.putObject("metadata")
                .put("namespace", "demo")
                .put("name", "web-1")
                .put("uid", "u-1")
                .put("creationTimestamp", "2026-01-01T10:59:00Z");
        pod.putObject("spec").put("schedulerName", "ack-co-scheduler");
        return pod;
    }

    private static ObjectNode waiting(String message) {
        ObjectNode pod = pod();
        pod.withObject("/status")
                .withArray("/conditions")
                .addObject()
                .put("type", "PodScheduled")
                .put("status", "False")
                .put("reason", "Unschedulable")
                .put("message", message);
        return pod;
    }

    private static ObjectNode placed() {
        ObjectNode pod = pod();
        pod.withObject("/spec").put("nodeName", "virtual-kubelet-b-1");
        pod.withObject("/metadata")
                .withObject("annotations")
                .put("spillway.dev/policy", "p")
                .put("spillway.dev/policy-generation", "3")
                .put("spillway.dev/unit", "2")
                .put("alibabacloud.com/instance-id", "i-7")
                .put("topology.kubernetes.io/region", "region-b")
                .put("topology.kubernetes.io/zone", "b-1");
        return pod;
    }

    private static ObjectNode events(String component, String reason, String message) {
        ObjectNode list = JSON.createObjectNode();
        list.putArray("items")
                .addObject()
                .put("reason", reason)
                .put("message", message)
                .put("reportingComponent", component)
                .put("lastTimestamp", "2026-01-01T11:00:00Z");
        return list;
    }

    @Test
    void aWaitingPodShowsTheWholeWalk() throws IOException {
        server.answers(POD, 200, waiting(WAITING_TEXT).toString());

        var ran = explain("pod/web-1");

        assertThat(ran.err()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.out().lines())
                .containsExactly(
                        "Pod demo/web-1 has waited since 2026-01-01T10:59:00Z: 0/2 units can take the pod now, next"
                                + " try at 2026-01-01T12:00:00Z.",
                        "",
                        "UNIT  WHAT                         ANSWER      REASON                                        "
                                + "      NEXT TRY",
                        "1     acs region-a gpu/default/m1  SoldOut     gpu/default/m1 is sold out in zone a-1 (none"
                                + " left)  2026-01-01T12:00:00Z",
                        "                                   NodeUnfit   node virtual-kubelet-a-2 is cordoned          "
                                + "      -",
                        "2     ecs                          CapReached  its cap is reached, 2 of 2                    "
                                + "      -");
    }

    @Test
    void jsonHasTheNamesThatAreDocumented() throws IOException {
        server.answers(POD, 200, waiting(WAITING_TEXT).toString());

        assertThat(JSON.readTree(explain("pod/web-1", "-o", "json").out())).isEqualTo(JSON.readTree("""
            {"namespace": "demo", "pod": "web-1", "state": "Waiting", "note": "",
             "waitingSince": "2026-01-01T10:59:00Z",
             "headline": "0/2 units can take the pod now, next try at 2026-01-01T12:00:00Z",
             "units": [
               {"unit": 1, "what": "acs region-a gpu/default/m1", "reasons": [
                 {"code": "SoldOut", "text": "gpu/default/m1 is sold out in zone a-1 (none left)",
                  "nextTry": "2026-01-01T12:00:00Z"},
                 {"code": "NodeUnfit", "text": "node virtual-kubelet-a-2 is cordoned"}]},
               {"unit": 2, "what": "ecs", "reasons": [{"code": "CapReached", "text": "its cap is reached, 2 of 2"}]}]}\
            """));
    }

    @Test
    void aPlacedPodShowsTheUnitThatWonAndWhatTheEarlierOnesAnswered() throws IOException {
        server.answers(POD, 200, placed().toString());
        server.answers(
                EVENTS,
                200,
                events(
                                "ack-co-scheduler",
                                "Scheduled",
                                "Assigned demo/web-1 to virtual-kubelet-b-1 (acs region-b gpu/default/m1), unit 2 of"
                                        + " policy p; passed over unit 1 (acs region-a gpu/default/m1): SoldOut:"
                                        + " gpu/default/m1 is sold out in zone a-1, next try at 2026-01-01T10:59:30Z")
                        .toString());

        assertThat(explain("pods/web-1").out())
                .startsWith("Pod demo/web-1 was placed by unit 2 of policy p (generation 3).")
                .containsPattern("1 +acs region-a gpu/default/m1 +SoldOut +gpu/default/m1 is sold out in zone a-1 +-\n")
                .containsPattern(
                        "2 +acs region-b gpu/default/m1 +Placed +node virtual-kubelet-b-1, zone b-1, instance i-7 +-\n")
                .doesNotContain("10:59:30");
        assertThat(placementInJson()).isEqualTo(JSON.readTree("""
            {"policy": "p", "generation": 3, "unit": 2, "what": "acs region-b gpu/default/m1", "region": "region-b", "zone": "b-1", "instance": "i-7",
             "node": "virtual-kubelet-b-1"}\
            """));
    }

    private Object placementInJson() throws IOException {
        return JSON.readTree(explain("web-1", "--output=json").out()).path("placement");
    }

    @Test
    void wherePlacementEventsExpiredThatIsSaid() throws IOException {
        server.answers(POD, 200, placed().toString());

        assertThat(explain("pod/web-1").out())
                .contains("There is no event Scheduled any more")
                .containsPattern("2 +region-b general-purpose/default +Placed +");
    }

    @Test
    void aPodThatAnotherSchedulerBoundIsNotExplained() throws IOException {
        ObjectNode pod = pod();
        pod.withObject("/spec").put("nodeName", "n1").put("schedulerName", "default-scheduler");
        server.answers(POD, 200, pod.toString());
        server.answers(
                EVENTS,
                200,
                events("default-scheduler", "Scheduled", "Successfully assigned")
                        .toString());

        assertFails(explain("pod/web-1"), "bound to node n1, but not by Spillway");
    }

    @Test
    void aBoundPodThatNoRegionCanRunIsExplainedByOurEvent() throws IOException {
        ObjectNode pod = pod();
        pod.withObject("/spec").put("nodeName", "virtual-kubelet-b-1").put("schedulerName", "default-scheduler");
        server.answers(POD, 200, pod.toString());
        ObjectNode events = events(
                "ack-co-scheduler", "FailedScheduling", "CannotRun: no region can run a pod that uses hostPath.");
        ((ObjectNode) events.path("items").path(0)).put("type", "Warning");
        server.answers(EVENTS, 200, events.toString());

        assertThat(explain("pod/web-1").out())
                .startsWith("Pod demo/web-1 is bound but has no instance.")
                .containsPattern("- +- +CannotRun +no region can run a pod that uses hostPath +-\n");
    }

    @Test
    void aPodOfAStatefulSetSaysThatItsOwnerIgnoresTheDeletionCost() throws IOException {
        ObjectNode pod = placed();
        pod.withObject("/metadata/annotations").put("controller.kubernetes.io/pod-deletion-cost", "1900");
        pod.withObject("/metadata")
                .withArray("ownerReferences")
                .addObject()
                .put("kind", "StatefulSet")
                .put("name", "web")
                .put("controller", true);
        server.answers(POD, 200, pod.toString());

        assertThat(explain("pod/web-1").out())
                .contains("StatefulSet web removes the pod with the highest number first when it is scaled in");
    }

    @Test
    void aPodBesideAnEarlierInstanceOfItsNameSaysSo() throws IOException {
        server.answers(POD, 200, placed().toString());
        server.answers(
                EVENTS,
                200,
                events("ack-co-scheduler", "EarlierInstanceRuns", "Instance i-1 of an earlier pod still runs")
                        .toString());

        assertThat(explain("pod/web-1").out()).contains("Instance i-1 of an earlier pod still runs.");
    }

    @Test
    void aBoundPodWithoutAnInstanceSaysWhy() throws IOException {
        ObjectNode pod = pod();
        pod.withObject("/spec").put("nodeName", "virtual-kubelet-b-1");
        pod.withObject("/status")
                .withArray("/conditions")
                .addObject()
                .put("type", "ContainerInstanceCreated")
                .put("status", "False")
                .put("message", "SoldOut: m1 is sold out in zone b-1, next try at 2026-01-01T12:00:00Z.");
        server.answers(POD, 200, pod.toString());

        assertThat(explain("pod/web-1").out())
                .startsWith("Pod demo/web-1 is bound but has no instance.")
                .containsPattern("- +- +SoldOut +m1 is sold out in zone b-1 +2026-01-01T12:00:00Z\n");
    }

    @Test
    void aLabelledPodOfAnotherSchedulerIsExplainedByItsEvent() throws IOException {
        ObjectNode pod = waiting("0/3 nodes are available: 3 Insufficient cpu.");
        pod.withObject("/spec").put("schedulerName", "default-scheduler");
        pod.withObject("/metadata").withObject("labels").put("alibabacloud.com/acs", "true");
        server.answers(POD, 200, pod.toString());
        server.answers(
                EVENTS,
                200,
                events("ack-co-scheduler", "FailedScheduling", "UnknownRegion: region 'x' does not exist.")
                        .toString());

        assertThat(explain("pod/web-1").out()).contains("UnknownRegion", "region 'x' does not exist");
    }

    @Test
    void whatCannotBeExplainedIsSaidInOneLine() throws IOException {
        assertFails(explain("pod/web-1"), "Namespace demo has no pod web-1", "-n");
        assertFails(explain("deployment/web"), "'deployment/web' is no pod", "pod/NAME");

        server.answers(POD, 200, pod().toString());
        assertFails(explain("pod/web-1"), "Nothing has been said about pod demo/web-1 yet", "controller runs");

        ObjectNode gated = pod();
        gated.withObject("/spec").withArray("/schedulingGates").addObject().put("name", "g");
        server.answers(POD, 200, gated.toString());
        assertFails(explain("pod/web-1"), "scheduling gates");

        ObjectNode other = pod();
        other.withObject("/spec").put("schedulerName", "default-scheduler");
        server.answers(POD, 200, other.toString());
        assertFails(explain("pod/web-1"), "default-scheduler", "ack-co-scheduler");

        other.withObject("/spec").put("schedulerName", "volcano");
        other.withObject("/metadata").withObject("labels").put("alibabacloud.com/acs", "true");
        server.answers(POD, 200, other.toString());
        assertFails(explain("pod/web-1"), "'volcano'", "only in place of default-scheduler");

        server.answers(POD, 403, "{\"kind\": \"Status\", \"message\": \"pods is forbidden\"}");
        assertFails(explain("pod/web-1"), "pods is forbidden");
    }

    @Test
    void aServerThatDoesNotAnswerIsNamed() throws IOException {
        var kubeconfig = server.kubeconfig(folder);
        var url = server.url();
        server.close();

        assertFails(run("explain", "pod/web-1", "--kubeconfig", kubeconfig.toString()), url, "cannot be reached");
    }

    @Test
    void theNamespaceOfTheContextIsTheDefault() throws IOException {
        server.answers(POD, 200, waiting(WAITING_TEXT).toString());
        var kubeconfig = server.kubeconfig(folder);
        Files.writeString(kubeconfig, Files.readString(kubeconfig).replace("user: me}", "user: me, namespace: demo}"));

        assertThat(run("explain", "pod/web-1", "--kubeconfig", kubeconfig.toString())
                        .out())
                .contains("SoldOut");
    }

    private static void assertFails(Ran ran, String... parts) {
        assertThat(ran.code()).as(ran.err()).isEqualTo(1);
        assertThat(ran.err().lines()).as(ran.err()).hasSize(1);
        assertThat(ran.err()).startsWith("spillway: ").contains(parts).doesNotContain("Exception");
        assertThat(ran.out()).isEmpty();
    }
}
