package dev.spillway.core.placement;

import static dev.spillway.core.testing.OfferBuilder.anOffer;
import static dev.spillway.core.testing.PodBuilder.aPod;
import static dev.spillway.core.testing.PolicyBuilder.aPolicy;
import static dev.spillway.core.testing.RegionBuilder.aRegion;
import static dev.spillway.core.testing.UnitBuilder.aUnit;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.fit.NodeSearch;
import dev.spillway.core.model.ConstraintKind;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Names;
import dev.spillway.core.model.Node;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.reason.Gate;
import dev.spillway.core.reason.Reason;
import dev.spillway.core.reason.RegionReason;
import dev.spillway.core.region.Region;
import dev.spillway.core.region.RegionDirectory;
import dev.spillway.core.stock.Availability;
import dev.spillway.core.stock.StockPicture;
import dev.spillway.core.stock.StockSettings;
import dev.spillway.core.testing.RegionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which zone of a unit a region is asked for, and what the pod is told where none is (R5.9, R5.10, R6.1, R6.2, R6.4, R6.6, R10.5). */
class ZoneSearchTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final StockSettings SETTINGS =
            new StockSettings(8, Duration.ofSeconds(15), Duration.ofMinutes(3), 0);

    private final RegionDirectory regions = new RegionDirectory();
    private final StockPicture stock = new StockPicture(SETTINGS);
    private final KnownFacts facts = new KnownFacts();
    private final Map<NodeName, NodeSearch.Barrier> barriers = new TreeMap<>();
    private final Map<RegionId, RegionReason.OfRequest> refusals = new TreeMap<>();

    /** What is known of a zone's stock, in one word. */
    private void know(String region, String zone, String state) {
        var offer = anOffer(region).zone(zone).build();
        switch (state) {
            case "fresh" -> {}
            case "proven" -> stock.accepted(ask(offer, NOW), NOW);
            case "busy" -> {
                for (int i = 0; i < SETTINGS.firstWindow(); i++) {
                    ask(offer, NOW);
                }
            }
            case "soldout" -> stock.refused(ask(offer, NOW), new Refusal.OutOfStock("none left"), NOW);
            case "due" -> stock.refused(ask(offer, past()), new Refusal.OutOfStock("none left"), past());
            case "probing" -> {
                know(region, zone, "due");
                assertThat(stock.availability(offer, NOW)).isInstanceOf(Availability.Ask.class);
                ask(offer, NOW);
            }
            default -> throw new AssertionError(state);
        }
    }

    /** A refusal of then is over now. */
    private static Instant past() {
        return NOW.minus(SETTINGS.soldOut());
    }

    private StockPicture.Ticket ask(Offer offer, Instant at) {
        return stock.asked(offer, 0, at);
    }

    private void declare(RegionBuilder region) {
        regions.put(region.build(), "");
    }

    /** The answer to a pod of a unit with GPUs that has this selector, where the labels name this region, or none. */
    private UnitAnswer answer(Labels selector, String region) {
        var unit = aUnit(Unit.Resource.ACS).podLabels(Names.COMPUTE_CLASS, "gpu", Names.GPU_MODEL, "m1");
        var applicant = Applicants.toFirstUnit(aPolicy(unit).build(), aPod().build(), refusals, NOW);
        return new ZoneSearch(regions, stock, new Nodes(), facts).answer(applicant, selector, region);
    }

    /** Virtual nodes that take everybody, but for the barriers. */
    private final class Nodes implements NodeSearch {
        @Override
        public boolean dependsOnPods(Pod pod) {
            return false;
        }

        @Override
        public Zones zones(Pod pod) {
            return barriers::get;
        }

        @Override
        public Found find(Pod pod, Predicate<Node> within) {
            throw new AssertionError("no real node is looked for");
        }

        @Override
        public @Nullable Room makeRoom(Pod pod, Predicate<Node> within) {
            throw new AssertionError("no room is made in regions");
        }
    }

    private static String zone(UnitAnswer answer) {
        return answer instanceof UnitAnswer.Ask(Offer offer) ? offer.zone().value() : "-";
    }

    private static String codes(UnitAnswer answer) {
        return answer instanceof UnitAnswer.Declined declined
                ? declined.reasons().stream().map(Reason::code).collect(joining(" "))
                : "-";
    }

    private static List<Gate> gates(UnitAnswer answer) {
        return answer instanceof UnitAnswer.Declined declined ? declined.gates() : List.of();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # the zones                       | asked in | told                   | the unit
          a-1=fresh                       | a-1      | -                      |
          a-1=fresh a-2=fresh a-3=fresh   | a-1      | -                      |
          a-3=fresh a-2=fresh             | a-2      | -                      |
          a-1=fresh a-2=proven            | a-2      | -                      |
          a-1=proven a-2=proven           | a-1      | -                      |
          a-1=due                         | a-1      | -                      |
          a-1=due a-2=proven              | a-2      | -                      |
          a-1=soldout                     | -        | SoldOut                | is left
          a-1=soldout a-2=fresh           | a-2      | -                      |
          a-1=soldout a-2=soldout         | -        | SoldOut SoldOut        | is left
          a-1=probing                     | -        | SoldOut                | is left
          a-1=probing a-2=fresh           | a-2      | -                      |
          a-1=busy                        | -        | Asking                 | is not left
          a-1=busy a-2=soldout            | -        | Asking SoldOut         | is not left
          a-1=probing a-2=busy            | -        | SoldOut Asking         | is not left
          a-1=busy a-2=fresh              | a-2      | -                      |
          a-1=busy a-2=proven a-3=proven  | a-2      | -                      |
        """)
    void openBeforeNeverAskedThenByName(String zones, String asked, String told, @Nullable String unit) {
        var states =
                Arrays.stream(zones.split(" ")).map(zone -> zone.split("=")).toList();
        declare(aRegion("a").zones(states.stream().map(state -> state[0]).toArray(String[]::new)));
        states.forEach(state -> know("a", state[0], state[1]));

        var answer = answer(Labels.empty(), "a");

        assertThat(zone(answer)).isEqualTo(asked);
        assertThat(codes(answer)).isEqualTo(told);
        if (unit != null) {
            assertThat(answer instanceof UnitAnswer.NotYet).isEqualTo(unit.equals("is not left"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        # the unit's selector                          | a label names | asked in | told
          -                                            | -             | z-1      | -
          type=virtual-kubelet                         | -             | z-1      | -
          topology.kubernetes.io/region=east           | -             | z-2      | -
          -                                            | east          | z-2      | -
          topology.kubernetes.io/region=east           | east          | z-2      | -
          topology.kubernetes.io/region=east           | west          | -        | NoZone
          topology.kubernetes.io/zone=z-4              | -             | z-4      | -
          topology.kubernetes.io/zone=z-4              | east          | z-4      | -
          topology.kubernetes.io/zone=z-4              | west          | -        | NoZone
          pool=gpu                                     | -             | -        | NoZone
        """)
    void everyZoneThatTheSelectorMeansOfEveryRegionWhereNoneIsNamed(
            @Nullable String selector, @Nullable String named, @Nullable String asked, @Nullable String told) {
        declare(aRegion("east").zones("z-2", "z-4"));
        declare(aRegion("west").zones("z-1", "z-3"));
        var labels = selector == null ? Labels.empty() : Labels.of(selector.split("="));

        var answer = answer(labels, named == null ? "" : named);

        assertThat(zone(answer)).isEqualTo(asked == null ? "-" : asked);
        assertThat(codes(answer)).isEqualTo(told == null ? "-" : told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # of the region's one zone                 | asked in | told              | the unit    | the pod waits for
          nothing is wrong                         | a-1      | -                 |             |
          its Region is lost                       | -        | RegionLost        | is left     |
          its Region admits others only            | -        | NotAllowed        | is left     |
          its Region admits the namespace          | a-1      | -                 |             |
          its Region is not accepted               | -        | RegionNotAccepted | is left     |
          not connected                            | -        | NotConnected      | is left     |
          not connected, declared just now         | -        | NotConnected      | is not left |
          sells what is asked for                  | a-1      | -                 |             |
          sells another model                      | -        | NotDeclared       | is left     |
          sells it in another zone                 | -        | NotDeclared       | is left     |
          sells it as spot only                    | -        | NotDeclared       | is left     |
          throttles                                | -        | Throttled         | is left     | the offer
          gave no answer                           | -        | NoAnswer          | is left     | the offer
          out of stock                             | -        | SoldOut           | is left     | the offer
          being tried again                        | -        | SoldOut           | is left     | the offer
          answers in flight                        | -        | Asking            | is not left | the offer
          refuses this pod for a second more       | -        | RequestInvalid    | is left     |
          refused this pod up to now               | a-1      | -                 |             |
          not prepared for a second more           | -        | Unprepared        | is not left |
          not prepared up to now                   | a-1      | -                 |             |
          not prepared, and out of stock           | -        | SoldOut           | is left     | the offer
          node tainted                             | -        | NodeUnfit         | is left     |
          node not there yet, declared just now    | -        | NodeUnfit         | is not left |
          out by the pod's node selector           | -        | PodExcludes       | is left     |
          out by spread                            | -        | TopologySpread    | is left     | pods
          out by affinity                          | -        | PodAffinity       | is left     | pods
          out by anti-affinity                     | -        | PodAntiAffinity   | is left     | pods
          out by affinity, answers in flight       | -        | PodAffinity       | is not left | pods
        """)
    void whatSpeaksAgainstAZone(
            String given, String asked, String told, @Nullable String unit, @Nullable String awaited) {
        declare(aRegion("a"));
        arrange(given);

        var answer = answer(Labels.empty(), "a");

        assertThat(zone(answer)).isEqualTo(asked);
        assertThat(codes(answer)).isEqualTo(told);
        assertThat(answer instanceof UnitAnswer.NotYet).isEqualTo("is not left".equals(unit));
        assertThat(gates(answer)).map(ZoneSearchTest::words).isEqualTo(awaited == null ? List.of() : List.of(awaited));
    }

    private static String words(Gate gate) {
        return switch (gate) {
            case Gate.OfferGate it -> "the offer";
            case Gate.PodsGate it -> "pods";
            case Gate.UnitGate it -> "the unit";
            case Gate.NodesGate it -> "nodes";
            case Gate.OwnerGate it -> "the owner";
            case Gate.NameGate it -> "the name";
        };
    }

    private void arrange(String given) {
        var region = new RegionId("a");
        var offer = anOffer("a").build();
        switch (given) {
            case "nothing is wrong" -> {}
            case "its Region is lost" -> declare(aRegion("a").lost());
            case "its Region admits others only" -> declare(aRegion("a").allowing("other"));
            case "its Region admits the namespace" -> declare(aRegion("a").allowing("other", "demo"));
            case "its Region is not accepted" -> regions.put(aRegion("a").build(), "It is no region.");
            case "not connected, declared just now" -> {
                facts.closed.add(region);
                facts.newRegions.add(region);
            }
            case "not connected" -> facts.closed.add(region);
            case "sells what is asked for" -> declare(selling(List.of(), "m1", false));
            case "sells another model" -> declare(selling(List.of(), "m2", false));
            case "sells it in another zone" -> declare(selling(List.of(new ZoneId("a-2")), "m1", false));
            case "sells it as spot only" -> declare(selling(List.of(), "m1", true));
            case "throttles" ->
                stock.refused(ask(offer, NOW), new Refusal.Throttled(Duration.ofSeconds(1), "slow down"), NOW);
            case "gave no answer" -> stock.silent(ask(offer, NOW), "timeout", NOW);
            case "out of stock" -> know("a", "a-1", "soldout");
            case "being tried again" -> know("a", "a-1", "probing");
            case "answers in flight" -> know("a", "a-1", "busy");
            case "refuses this pod for a second more" -> refuse(NOW.plusSeconds(1));
            case "refused this pod up to now" -> refuse(NOW);
            case "not prepared for a second more" -> unprepared(NOW.plusSeconds(1));
            case "not prepared up to now" -> unprepared(NOW);
            case "not prepared, and out of stock" -> {
                unprepared(NOW.plusSeconds(1));
                know("a", "a-1", "soldout");
            }
            case "node tainted" -> bar(ConstraintKind.NODE, false);
            case "node not there yet, declared just now" -> {
                bar(ConstraintKind.NODE, false);
                facts.newRegions.add(region);
            }
            case "out by the pod's node selector" -> bar(ConstraintKind.SELECTOR, false);
            case "out by spread" -> bar(ConstraintKind.SPREAD, false);
            case "out by affinity" -> bar(ConstraintKind.AFFINITY, false);
            case "out by anti-affinity" -> bar(ConstraintKind.ANTI_AFFINITY, false);
            case "out by affinity, answers in flight" -> bar(ConstraintKind.AFFINITY, true);
            default -> throw new AssertionError(given);
        }
    }

    private static RegionBuilder selling(List<ZoneId> zones, String model, boolean spot) {
        return aRegion("a").offers(new Region.OfferRule(zones, "gpu", "default", model, spot));
    }

    private void refuse(Instant until) {
        refusals.put(new RegionId("a"), new RegionReason.RequestInvalid(new RegionId("a"), "too large", until));
    }

    private void unprepared(Instant until) {
        refusals.put(new RegionId("a"), new RegionReason.Unprepared(new RegionId("a"), "no Secret", 1, until));
    }

    private void bar(ConstraintKind kind, boolean soon) {
        barriers.put(Names.nodeOf("a-1"), new NodeSearch.Barrier(kind, "does not take it", soon));
    }
}
