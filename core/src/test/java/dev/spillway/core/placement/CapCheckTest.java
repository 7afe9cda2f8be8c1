package dev.spillway.core.placement;

import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static dev.spillway.core.testing.UnitBuilder.ecs;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.PolicyReason;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.testing.PodBuilder;
import dev.spillway.core.testing.PolicyBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether a unit's caps let one more pod in (R4.1, R4.2, R4.9, R9.2). */
class CapCheckTest {
    private final UnitCounts counts = new UnitCounts();
    private final KnownFacts facts = new KnownFacts();
    private PodBuilder pod = aPod("new").label("svc", "web").requests(Map.of());
    private int others;

    /** So many others of this group, in the first unit; they request as much as is said. */
    private void inTheUnit(int pods, String group, boolean count, @Nullable String requests) {
        for (int i = 0; i < pods; i++) {
            counts.set(new PodUid("other-" + others++), member(1, group, count, requests));
        }
    }

    private static UnitCounts.Member member(int unit, String group, boolean counts, @Nullable String requests) {
        var slot = new UnitKey(aPolicy().build().key(), unit);
        return new UnitCounts.Member(slot, group, ResourceList.of(amounts(requests)), counts, !counts);
    }

    /** Amounts written as {@code cpu=1500 nvidia.com/gpu=1}. */
    private static Map<String, Long> amounts(@Nullable String text) {
        return text == null
                ? Map.of()
                : Arrays.stream(text.split(" "))
                        .map(amount -> amount.split("="))
                        .collect(toMap(amount -> amount[0], amount -> Long.valueOf(amount[1])));
    }

    /** What the first unit answers the pod. */
    private String answer(PolicyBuilder units) {
        var policy = units.build();
        var applicant = Applicants.toFirstUnit(policy, pod.build(), Map.of(), Instant.EPOCH);
        var declined = new CapCheck(counts, facts).against(applicant, policy, 1);
        return declined == null ? "enters" : words(declined);
    }

    private static String words(Reason reason) {
        if (reason instanceof PolicyReason.CapReached it) {
            return "CapReached %d/%d %s".formatted(it.count(), it.max(), it.group());
        }
        if (reason instanceof PolicyReason.ResourcesCapReached it) {
            return "ResourcesCapReached %s %d+%d/%d".formatted(it.resource(), it.used(), it.asked(), it.max());
        }
        if (reason instanceof PolicyReason.CapClosed it) {
            return "CapClosed " + it.regions();
        }
        throw new AssertionError(reason);
    }

    private static String words(UnitAnswer.Declined answer) {
        var reason = words(answer.reasons().getFirst());
        boolean atCap = answer instanceof UnitAnswer.AtCap;
        boolean stays = answer instanceof UnitAnswer.NotYet;
        var expectedGates = atCap ? List.of(new Gate.UnitGate(aPolicy().build().key(), 1)) : List.<Gate>of();
        assertThat(answer.gates()).as("what the pod waits for").isEqualTo(expectedGates);
        return reason.strip() + (atCap ? ", at cap" : "") + (stays ? ", stays" : "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # max | count | are there and do not | answer
          -   | 9     | 0                    | enters
          2   | 0     | 0                    | enters
          2   | 1     | 5                    | enters
          2   | 2     | 0                    | CapReached 2/2, at cap
          2   | 3     | 0                    | CapReached 3/2, at cap
          0   | 0     | 0                    | CapReached 0/0, at cap
        """)
    void atMostMaxPods(@Nullable Integer max, int counting, int notCounting, String answer) {
        inTheUnit(counting, "", true, "cpu=1");
        inTheUnit(notCounting, "", false, "cpu=1");

        assertThat(answer(aPolicy(ecs("a").max(max)))).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # keys     | there         | the pod has     | the unit writes | answer to a max of 2
          hash     | old old       | hash=old        | -               | CapReached 2/2 old, at cap
          hash     | old old       | hash=new        | -               | enters
          hash     | old old new   | hash=new        | -               | enters
          hash     | old old       | hash=old        | hash=new        | enters
          hash     | new new       | hash=old        | hash=new        | CapReached 2/2 new, at cap
          hash     | new new       | hash=old        | tier=gold       | enters
          app hash | a,1 a,2 b,1   | app=a hash=1    | -               | enters
          app hash | a,1 a,1 b,1   | app=a hash=1    | -               | CapReached 2/2 a,1, at cap
        """)
    void ofEachGroup(String keys, String there, String labels, @Nullable String written, String answer) {
        Stream.of(there.split(" ")).forEach(group -> inTheUnit(1, group, true, "cpu=1"));
        pod = pod.label(labels.split("[ =]"));
        var unit = ecs("a").max(2).podLabels(written == null ? new String[0] : written.split("="));
        var policy = aPolicy(unit).matchLabelKeys(keys.split(" "));

        assertThat(answer(policy)).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # maxResources            | used, all groups | asked            | answer
          cpu=4000                | cpu=1500         | cpu=1500         | enters
          cpu=4000                | cpu=3000         | cpu=1500         | ResourcesCapReached cpu 3000+1500/4000, at cap
          cpu=4000                | cpu=3000         | cpu=1000         | enters
          cpu=4000                | cpu=3000         | cpu=1001         | ResourcesCapReached cpu 3000+1001/4000, at cap
          cpu=4000                | -                | cpu=4001         | ResourcesCapReached cpu 0+4001/4000, at cap
          cpu=4000                | memory=9000      | memory=9000      | enters
          cpu=4000                | cpu=5000         | memory=1         | ResourcesCapReached cpu 5000+0/4000, at cap
          nvidia.com/gpu=0        | -                | cpu=1            | enters
          nvidia.com/gpu=0        | -                | nvidia.com/gpu=1 | ResourcesCapReached nvidia.com/gpu 0+1/0, at cap
          cpu=9 nvidia.com/gpu=1  | nvidia.com/gpu=1 | nvidia.com/gpu=1 | ResourcesCapReached nvidia.com/gpu 1+1/1, at cap
        """)
    void atMostMaxResources(String caps, @Nullable String used, String asked, String answer) {
        inTheUnit(1, "any", true, used);
        inTheUnit(1, "", false, "cpu=9000 memory=9000 nvidia.com/gpu=9");
        pod = pod.requests(amounts(asked));

        assertThat(answer(aPolicy(ecs("a").maxResources(amounts(caps))))).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # max | count | reserved for others | for the pod | answer
          1   | 0     | 1                   | nowhere     | CapReached 1/1, at cap
          1   | 0     | 0                   | in the unit | enters
          2   | 1     | 0                   | in the unit | enters
          2   | 0     | 1                   | in the unit | enters
          1   | 1     | 0                   | in the unit | CapReached 1/1, at cap
          2   | 1     | 1                   | in the unit | CapReached 2/2, at cap
          1   | 1     | 0                   | in the next | CapReached 1/1, at cap
        """)
    void slotsThatAnotherProcessReserved(int max, int counting, int reserved, String own, String answer) {
        inTheUnit(counting, "", true, "cpu=1000");
        for (int i = 0; i < reserved; i++) {
            counts.reserve(new PodUid("reserved-" + i), member(1, "", true, "cpu=1000"));
        }
        switch (own) {
            case "nowhere" -> {}
            case "in the unit" -> counts.reserve(pod.build().uid(), member(1, "", true, "cpu=1000"));
            case "in the next" -> counts.reserve(pod.build().uid(), member(2, "", true, "cpu=1000"));
            default -> throw new AssertionError(own);
        }
        pod = pod.requests(amounts("cpu=1000"));
        var byCount = aPolicy(ecs("a").max(max), ecs("b"));
        var byResources = aPolicy(ecs("a").maxResources(Map.of("cpu", 1000L * max)), ecs("b"));

        assertThat(answer(byCount)).isEqualTo(answer);
        assertThat(answer(byResources).startsWith("enters")).isEqualTo(answer.equals("enters"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # kind | of region | cap | the pod names | just started | not heard yet     | answer
          acs  | region-a  | 1   | -             | yes          | region-a          | CapClosed [region-a], stays
          eci  | region-a  | 1   | -             | yes          | region-a          | CapClosed [region-a], stays
          acs  | region-a  | 1   | -             | yes          | region-b          | enters
          acs  | region-a  | 1   | -             | yes          | -                 | enters
          acs  | region-a  | 1   | -             | no           | region-a          | enters
          acs  | region-a  | -   | -             | yes          | region-a          | enters
          acs  | region-a  | 0   | -             | yes          | region-a          | CapClosed [region-a], stays
          acs  | -         | 1   | -             | yes          | region-a region-b | CapClosed [region-a, region-b], stays
          acs  | -         | 1   | region-b      | yes          | region-a          | enters
          acs  | -         | 1   | region-b      | yes          | region-a region-b | CapClosed [region-b], stays
          ecs  | -         | 1   | -             | yes          | region-a          | enters
        """)
    void aCapThatOpensOnceItsRegionsAreHeard(
            String kind,
            @Nullable String region,
            @Nullable Integer max,
            @Nullable String named,
            String justStarted,
            @Nullable String notHeard,
            String answer) {
        facts.settlingIn = justStarted.equals("yes");
        Stream.ofNullable(notHeard)
                .flatMap(names -> Arrays.stream(names.split(" ")))
                .forEach(name -> facts.notListedYet.add(new RegionId(name)));
        if (named != null) {
            pod = pod.label(Names.REGION_ID, named);
        }
        var unit = aUnit(Unit.Resource.valueOf(kind.toUpperCase(Locale.ROOT))).max(max);

        assertThat(answer(aPolicy(region == null ? unit : unit.nodeSelector(Names.REGION, region))))
                .isEqualTo(answer);
    }
}
