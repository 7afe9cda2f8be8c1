package dev.spillway.trials.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ExpectationTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Map<String, String> WEB = Map.of("svc", "web");
    private static final Map<String, String> BATCH = Map.of("svc", "batch");
    private static final Map<String, String> ALL = Map.of();

    private static final JsonNode PLACED = yaml("""
        metadata:
          name: web-1
          uid: u1
          labels: {svc: web, alibabacloud.com/serverless-region-id: region-a}
          annotations: {alibabacloud.com/instance-id: i-1, spillway.dev/unit: "1"}
        spec:
          nodeName: virtual-kubelet-region-a-1
          schedulerName: ack-co-scheduler
          tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists}]
        status:
          phase: Running
          conditions:
            - {type: PodScheduled, status: "True"}
            - {type: Ready, status: "True"}
        """);
    private static final JsonNode WAITING = yaml("""
        metadata: {name: batch-1, uid: u2, labels: {svc: batch}}
        spec:
          schedulerName: default-scheduler
          tolerations: [{operator: Exists}]
        status:
          phase: Pending
          conditions:
            - type: PodScheduled
              status: "False"
              reason: Unschedulable
              message: "0/1 units can take the pod now. unit 1 (acs region-a m1): sold out."
        """);
    private static final JsonNode NODE = yaml("""
        metadata:
          name: virtual-kubelet-region-a-1
          labels: {type: virtual-kubelet, topology.kubernetes.io/region: region-a}
        """);
    private static final JsonNode EVENT = yaml("""
        involvedObject: {uid: u1}
        type: Normal
        reason: Scheduled
        message: Assigned web-1 to virtual-kubelet-region-a-1, unit 1 of policy p
        """);
    private static final JsonNode POLICY_EVENT = yaml("""
        involvedObject: {uid: u3}
        type: Warning
        reason: Refused
        message: unit 1 names no resource
        """);
    private static final JsonNode LEAVING = yaml("""
        metadata: {name: old-1, uid: u4, deletionTimestamp: "2026-01-01T00:00:00Z", labels: {svc: old}}
        spec:
          nodeName: a1
        status: {phase: Failed, reason: ProviderFailed}
        """);
    private static final JsonNode DEPLOYMENT = yaml("""
        metadata: {name: web}
        spec: {template: {metadata: {labels: {svc: web}}}}
        status: {readyReplicas: 1}
        """);
    private static final JsonNode POLICY = yaml("""
        metadata: {name: p}
        status: {conditions: [{type: Ready, status: "True", reason: Accepted, message: "2 units, 3 pods"}]}
        """);
    private static final JsonNode REGION = yaml("""
        metadata: {name: region-a, uid: u9}
        status:
          conditions: [{type: Reachable, status: "False", reason: Unauthorised, message: the credentials}]
          stock: [{state: Unauthorised}, {state: Unauthorised}]
        """);
    private static final JsonNode REGION_EVENT = yaml("""
        involvedObject: {kind: Region, name: region-a, uid: u9}
        type: Warning
        reason: VirtualNodeDeleted
        message: a node was deleted
        """);
    private static final JsonNode NODE_EVENT = yaml("""
        involvedObject: {kind: Node, name: virtual-kubelet-region-a-1, uid: virtual-kubelet-region-a-1}
        type: Warning
        reason: VirtualNodeDeleted
        message: this node was deleted
        """);
    private static final Snapshot SEEN = new Snapshot(
            List.of(PLACED, WAITING),
            List.of(NODE),
            List.of(EVENT, POLICY_EVENT, REGION_EVENT, NODE_EVENT),
            List.of(DEPLOYMENT),
            List.of(POLICY),
            List.of(REGION),
            Map.of("web", DEPLOYMENT.path("spec").path("template")),
            Map.of("policy", "u3", "web", "u1", "batch", "another UID"));

    /** Holds of {@link #SEEN}; {@code broken} differs from it in one word and does not. */
    record Case(Expectation holds, Expectation broken, String seen) {
        @Override
        public String toString() {
            return holds.text();
        }
    }

    static List<Case> cases() {
        return Stream.of(casesOfPods(), casesOfCountsAndWorkloads(), casesOfConditions(), casesOfEvents())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Case> casesOfPods() {
        return List.of(
                new Case(
                        web(new PodCheck.Phase("Running")),
                        every(new PodCheck.Phase("Running")),
                        "batch-1: phase is Pending"),
                new Case(
                        web(new PodCheck.OnNode("topology.kubernetes.io/region", "region-a")),
                        web(new PodCheck.OnNode("topology.kubernetes.io/region", "region-b")),
                        "web-1: is on virtual-kubelet-region-a-1 with topology.kubernetes.io/region=region-a"),
                new Case(
                        web(new PodCheck.Has(PodCheck.In.LABELS, "svc", "web")),
                        every(new PodCheck.Has(PodCheck.In.LABELS, "svc", "web")),
                        "batch-1: label svc is batch"),
                new Case(
                        web(new PodCheck.HasKey(PodCheck.In.ANNOTATIONS, "alibabacloud.com/instance-id")),
                        every(new PodCheck.HasKey(PodCheck.In.ANNOTATIONS, "alibabacloud.com/instance-id")),
                        "batch-1: has none"),
                new Case(
                        every(new PodCheck.Lacks(PodCheck.In.LABELS, "alibabacloud.com/acs")),
                        every(new PodCheck.Lacks(PodCheck.In.LABELS, "svc")),
                        "web-1: has svc=web"),
                new Case(
                        web(new PodCheck.HasLabelValue("region-a")),
                        web(new PodCheck.HasLabelValue("region-b")),
                        "web-1: has none"),
                new Case(
                        every(new PodCheck.LacksLabelValue("region-b")),
                        every(new PodCheck.LacksLabelValue("region-a")),
                        "web-1: has alibabacloud.com/serverless-region-id=region-a"),
                new Case(
                        web(new PodCheck.Condition("Ready", "True", "")),
                        every(new PodCheck.Condition("Ready", "True", "")),
                        "batch-1: has no condition Ready"),
                new Case(
                        of(BATCH, new PodCheck.Condition("PodScheduled", "False", "Unschedulable")),
                        of(BATCH, new PodCheck.Condition("PodScheduled", "False", "SchedulerError")),
                        "batch-1: has PodScheduled=False, reason Unschedulable"),
                new Case(
                        of(BATCH, new PodCheck.ConditionSays("PodScheduled", "unit 1 (acs region-a m1): sold out")),
                        of(BATCH, new PodCheck.ConditionSays("PodScheduled", "unit 2")),
                        "batch-1: it says '0/1 units"),
                new Case(
                        web(new PodCheck.EventSeen(new WantedEvent("Scheduled", "unit 1 of policy p"))),
                        every(new PodCheck.EventSeen(new WantedEvent("Scheduled", ""))),
                        "batch-1: has no event"),
                new Case(
                        of(BATCH, new PodCheck.Tolerates("virtual-kubelet.io/provider")),
                        web(new PodCheck.Tolerates("virtual-kubelet.io/provider")),
                        "web-1: has none"),
                new Case(
                        web(new PodCheck.LacksToleration("virtual-kubelet.io/provider")),
                        of(BATCH, new PodCheck.LacksToleration("virtual-kubelet.io/provider")),
                        "batch-1: has [{\"operator\":\"Exists\"}]"),
                new Case(
                        web(new PodCheck.SchedulerName("ack-co-scheduler")),
                        every(new PodCheck.SchedulerName("ack-co-scheduler")),
                        "batch-1: scheduler is default-scheduler"));
    }

    private static List<Case> casesOfCountsAndWorkloads() {
        return List.of(
                new Case(new Expectation.PodCount(ALL, 2), new Expectation.PodCount(WEB, 2), "1"),
                new Case(new Expectation.VirtualNodeCount(ALL, 1), new Expectation.VirtualNodeCount(BATCH, 1), "0"),
                new Case(
                        new Expectation.ByRegion(ALL, Map.of("region-a", 1, "region-b", 0)),
                        new Expectation.ByRegion(ALL, Map.of("region-a", 1, "region-b", 1)),
                        "{region-a=1}"),
                new Case(
                        new Expectation.ByUnit(ALL, Map.of("1", 1)),
                        new Expectation.ByUnit(BATCH, Map.of("1", 1)),
                        "none"),
                new Case(
                        new Expectation.Unreplaced("web", true),
                        new Expectation.Unreplaced("batch", true),
                        "it is gone or another one"),
                new Case(new Expectation.ReadyReplicas("web", 1), new Expectation.ReadyReplicas("web", 2), "1"),
                new Case(
                        new Expectation.Template("web", true),
                        new Expectation.Template("web", false),
                        "{\"metadata\":{\"labels\":{\"svc\":\"web\"}}}"),
                new Case(
                        new Expectation.NodeState("virtual-kubelet-region-a-1", "open"),
                        new Expectation.NodeState("virtual-kubelet-region-a-1", "cordoned"),
                        "open"),
                new Case(
                        new Expectation.OfferState("region-a", "Unauthorised"),
                        new Expectation.OfferState("region-a", "SoldOut"),
                        "Unauthorised, Unauthorised"));
    }

    private static List<Case> casesOfConditions() {
        return List.of(
                new Case(
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.POLICY, "p", "Ready", "True", "", ""),
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.POLICY, "q", "Ready", "True", "", ""),
                        "there is no such ResourcePolicy"),
                new Case(
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.POLICY, "p", "Ready", "True", "Accepted", ""),
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.POLICY, "p", "Ready", "True", "Refused", ""),
                        "{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Accepted\""),
                new Case(
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.POLICY, "p", "Ready", "True", "", "3 pods"),
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.POLICY, "p", "Ready", "True", "", "4 pods"),
                        "{\"type\":\"Ready\",\"status\":\"True\",\"reason\":\"Accepted\""),
                new Case(
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.REGION, "region-a", "Reachable", "False", "", ""),
                        new Expectation.StatusCondition(
                                Expectation.StatusCondition.Holder.REGION, "region-a", "Reachable", "True", "", ""),
                        "{\"type\":\"Reachable\",\"status\":\"False\""));
    }

    private static List<Case> casesOfEvents() {
        return List.of(
                new Case(
                        new Expectation.EventOn(
                                Expectation.EventOn.Subject.OBJECT,
                                "policy",
                                new WantedEvent("Warning", "Refused", "names no resource")),
                        new Expectation.EventOn(
                                Expectation.EventOn.Subject.OBJECT, "policy", new WantedEvent("Normal", "Refused", "")),
                        "has [Warning Refused: unit 1 names no resource]"),
                new Case(
                        new Expectation.EventOn(
                                Expectation.EventOn.Subject.NODE,
                                "virtual-kubelet-region-a-1",
                                new WantedEvent("Warning", "VirtualNodeDeleted", "this node")),
                        new Expectation.EventOn(
                                Expectation.EventOn.Subject.NODE,
                                "virtual-kubelet-region-a-2",
                                new WantedEvent("Warning", "VirtualNodeDeleted", "this node")),
                        "has no event"),
                new Case(
                        new Expectation.EventOn(
                                Expectation.EventOn.Subject.REGION,
                                "region-a",
                                new WantedEvent("Warning", "VirtualNodeDeleted", "a node")),
                        new Expectation.EventOn(
                                Expectation.EventOn.Subject.REGION,
                                "region-b",
                                new WantedEvent("Warning", "VirtualNodeDeleted", "a node")),
                        "has no event"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void holdsOrSaysWhatWasSeen(Case one) {
        assertThat(one.holds().mismatch(SEEN)).isEmpty();
        assertThat(one.broken().mismatch(SEEN).orElse("")).startsWith(one.seen());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theOppositeOfWhatHoldsDoesNot(Case one) {
        assertThat(one.holds().inverted().mismatch(SEEN)).isPresent();
        assertThat(one.holds().inverted()).isNotEqualTo(one.holds());
    }

    @Test
    void everyKindIsTriedHere() {
        var tried = new ArrayList<Class<?>>();
        for (Case one :
                Stream.concat(cases().stream(), casesOfRealNodes().stream()).toList()) {
            tried.add(
                    one.holds() instanceof Expectation.EveryPod every
                            ? every.check().getClass()
                            : one.holds().getClass());
        }

        var kinds = Stream.of(Expectation.class, PodCheck.class)
                .flatMap(type -> Arrays.stream(type.getPermittedSubclasses()))
                .filter(type -> type != Expectation.EveryPod.class)
                .toList();
        assertThat(tried).hasSameElementsAs(kinds);
    }

    /** Of a world with a real node, from which a pod is about to go. */
    static List<Case> casesOfRealNodes() {
        var old = Map.of("svc", "old");
        return List.of(
                new Case(
                        new Expectation.ByNode(ALL, Map.of("a1", 1, "a2", 0)),
                        new Expectation.ByNode(ALL, Map.of("a2", 1)),
                        "{a1=1}"),
                new Case(
                        new Expectation.ByPhase(ALL, Map.of("Running", 1, "Failed", 1)),
                        new Expectation.ByPhase(ALL, Map.of("Running", 1)),
                        "{Failed=1, Running=1}"),
                new Case(new Expectation.TerminatingCount(ALL, 1), new Expectation.TerminatingCount(WEB, 1), "0"),
                new Case(
                        of(old, new PodCheck.StatusReason("ProviderFailed")),
                        every(new PodCheck.StatusReason("ProviderFailed")),
                        "web-1: status reason is none"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("casesOfRealNodes")
    void holdsOfRealNodesAndTheOppositeDoesNot(Case one) {
        var seen = new Snapshot(
                List.of(PLACED, LEAVING),
                List.of(NODE),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of());

        assertThat(one.holds().mismatch(seen)).isEmpty();
        assertThat(one.broken().mismatch(seen).orElse("")).startsWith(one.seen());
        assertThat(one.holds().inverted().mismatch(seen)).isPresent();
    }

    @Test
    void anEventOfAnEarlierObjectOfTheNameDoesNotCount() {
        var seen = new Snapshot(
                List.of(),
                List.of(),
                List.of(POLICY_EVENT),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of("policy", "another UID"));

        assertThat(new Expectation.EventOn(Expectation.EventOn.Subject.OBJECT, "policy", new WantedEvent("Refused", ""))
                        .mismatch(seen))
                .contains("has no event");
    }

    @Test
    void nothingHoldsOfNoPods() {
        var none = Map.of("svc", "absent");

        assertThat(of(none, new PodCheck.LacksLabelValue("region-b")).mismatch(SEEN))
                .contains("there is no such pod");
    }

    @Test
    void aTemplateThatTheSchedulerChangedIsNoticed() {
        var applied = yaml("{metadata: {labels: {svc: web, tier: gold}}}");
        var seen = new Snapshot(
                List.of(),
                List.of(),
                List.of(),
                List.of(DEPLOYMENT),
                List.of(),
                List.of(),
                Map.of("web", applied),
                Map.of());

        assertThat(new Expectation.Template("web", true).mismatch(seen)).isPresent();
    }

    @Test
    void aBoundPodWhoseNodeIsGoneStillCountsAsOnAVirtualNode() {
        var seen = new Snapshot(
                List.of(PLACED), List.of(), List.of(), List.of(), List.of(), List.of(), Map.of(), Map.of());

        assertThat(new Expectation.VirtualNodeCount(ALL, 1).mismatch(seen)).isEmpty();
    }

    @Test
    void everyInvertedExpectationOfACheckpointIsNoticed() {
        var held = cases().stream().map(Case::holds).toList();

        assertThat(new Checkpoint("the pods run", held, SEEN).survivors()).isEmpty();
    }

    @Test
    void anExpectationThatSaysNothingSurvives() {
        var both = List.of(EVENT, yaml("{involvedObject: {uid: u1}, reason: NotScheduled, message: no}"));
        var seen = new Snapshot(List.of(PLACED), List.of(), both, List.of(), List.of(), List.of(), Map.of(), Map.of());
        var vague = web(new PodCheck.EventSeen(new WantedEvent("Scheduled", "")));

        assertThat(new Checkpoint("the pods run", List.of(vague), seen).survivors())
                .containsExactly(web(new PodCheck.EventSeen(new WantedEvent("NotScheduled", "")))
                        .text());
    }

    @Test
    void aPodLineSaysWhereThePodIsAndWhyItWaits() {
        assertThat(SEEN.podLines())
                .containsExactly(
                        "web-1  Running  node virtual-kubelet-region-a-1  unit 1  (Assigned web-1 to"
                                + " virtual-kubelet-region-a-1, unit 1 of policy p)",
                        "batch-1  Pending  node none  (0/1 units can take the pod now. unit 1 (acs region-a m1): sold"
                                + " out.)");
    }

    private static Expectation web(PodCheck check) {
        return of(WEB, check);
    }

    private static Expectation every(PodCheck check) {
        return of(ALL, check);
    }

    private static Expectation of(Map<String, String> pods, PodCheck check) {
        return new Expectation.EveryPod(pods, check);
    }

    private static JsonNode yaml(String text) {
        try {
            return YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
