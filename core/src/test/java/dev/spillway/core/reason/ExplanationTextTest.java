package dev.spillway.core.reason;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spillway.core.model.Closure;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.NodeName;
import dev.spillway.core.model.Owner;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Shortage;
import dev.spillway.core.model.ZoneId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExplanationTextTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final List<Closure> CLOSURES = List.copyOf(EnumSet.allOf(Closure.class));

    /** What separates parts of the form, and what looks like parts of it. */
    private static final List<String> PIECES = List.of(
            "; ",
            ". ",
            ".",
            ";",
            " ",
            ": ",
            "): ",
            "(",
            "unit 2 (",
            ". unit 3 (x): SoldOut: y",
            ", next try at ",
            ", next try at 2026-01-01T00:00:00Z",
            "2026-01-01T00:00:00Z",
            "\n",
            "\t",
            "SoldOut: ",
            "a",
            "L20",
            "...",
            "ü");

    private static RegionReason.Closed soldOut(String zone, @Nullable Instant nextTry, String message) {
        return new RegionReason.Closed(
                new ZoneId(zone), new RegionId("r"), "gpu/default/m1", Closure.SOLD_OUT, nextTry, message);
    }

    @Test
    void eachUnitHasItsReasonsWithCodeTextAndNextTry() {
        var explanation = new Explanation(List.of(
                new Explanation.UnitLine(
                        1,
                        "acs r gpu/default/m1",
                        List.of(soldOut("z1", NOON.plusSeconds(60), "none left"), soldOut("z2", NOON, ""))),
                new Explanation.UnitLine(2, "ecs", List.of(new PolicyReason.CapReached(2, 2, "")))));

        assertThat(explanation.text())
                .isEqualTo("0/2 units can take the pod now, next try at 2026-01-01T12:00:00Z. unit 1 (acs r"
                        + " gpu/default/m1): SoldOut: gpu/default/m1 is sold out in zone z1 (none left), next"
                        + " try at 2026-01-01T12:01:00Z; SoldOut: gpu/default/m1 is sold out in zone z2, next"
                        + " try at 2026-01-01T12:00:00Z. unit 2 (ecs): CapReached: its cap is reached, 2 of"
                        + " 2.");
        assertThat(ExplanationText.parse(explanation.text()))
                .isEqualTo(new ExplanationText(
                        "0/2 units can take the pod now, next try at 2026-01-01T12:00:00Z",
                        List.of(
                                new ExplanationText.Line(
                                        1,
                                        "acs r gpu/default/m1",
                                        List.of(
                                                new ExplanationText.Answer(
                                                        "SoldOut",
                                                        "gpu/default/m1 is sold out in zone z1 (none left)",
                                                        NOON.plusSeconds(60)),
                                                new ExplanationText.Answer(
                                                        "SoldOut", "gpu/default/m1 is sold out in zone z2", NOON))),
                                new ExplanationText.Line(
                                        2,
                                        "ecs",
                                        List.of(new ExplanationText.Answer(
                                                "CapReached", "its cap is reached, 2 of 2", null))))));
    }

    @Test
    void aPodWithoutUnitsHasAnswersAlone() {
        var told = ExplanationText.parse(
                Explanation.of(new RegionReason.NoDefaultRegion()).text());

        assertThat(told.headline()).isEmpty();
        assertThat(told.lines()).singleElement().satisfies(line -> {
            assertThat(line.position()).isZero();
            assertThat(line.answers())
                    .containsExactly(new ExplanationText.Answer(
                            "NoDefaultRegion", "the pod names no region and no Region has spec.default true", null));
        });
    }

    @Test
    void whatSeparatesIsTakenOutOfForeignTexts() {
        var said = soldOut("z", NOON, "busy; try later. unit 9 (x): SoldOut: no\nsecond line");

        assertThat(ExplanationText.parse(Explanation.of(said).text()).lines())
                .singleElement()
                .extracting(ExplanationText.Line::answers)
                .isEqualTo(List.of(new ExplanationText.Answer(
                        "SoldOut",
                        "gpu/default/m1 is sold out in zone z (busy, try later, unit 9 (x): SoldOut: no second line)",
                        NOON)));
    }

    @Test
    void aTextOfAnotherFormOrCutShortIsReadAsFarAsItGoes() {
        assertThat(ExplanationText.parse("0/3 nodes are available: 3 Insufficient cpu.")
                        .lines())
                .containsExactly(new ExplanationText.Line(
                        0,
                        "",
                        List.of(new ExplanationText.Answer("", "0/3 nodes are available: 3 Insufficient cpu", null))));
        assertThat(ExplanationText.parseLines(
                        "unit 1 (ecs): NoNodeFits: there is no real node for it. unit 2 (acs reg..."))
                .containsExactly(
                        new ExplanationText.Line(
                                1,
                                "ecs",
                                List.of(new ExplanationText.Answer(
                                        "NoNodeFits", "there is no real node for it", null))),
                        new ExplanationText.Line(2, "acs reg...", List.of()));
        assertThat(ExplanationText.parse("").lines()).isEmpty();
    }

    @Test
    void everyKindOfReasonHasACodeThatProgramsCanRead() {
        var random = new SplittableRandom(1);
        for (var kind : kinds()) {
            assertThat(reason(kind, random).code()).as(kind.getSimpleName()).matches("[A-Z][A-Za-z]+");
        }
    }

    @Test
    void whatIsReadIsWhatWasTold() {
        var seen = new TreeSet<String>();
        for (long seed : seeds()) {
            var random = new SplittableRandom(seed);
            var explanation = explanation(random, seen);
            var text = explanation.text();
            var replay = "seed %d; replay: ./mvnw -pl core test -Dtest=ToldTest -Dspillway.seed=%d%n%s"
                    .formatted(seed, seed, text);

            var read = ExplanationText.parse(text);

            assertThat(read).as(replay).isEqualTo(explanation.told());
            assertThat(read.lines()).as(replay).hasSameSizeAs(explanation.lines());
            for (int i = 0; i < read.lines().size(); i++) {
                var line = explanation.lines().get(i);
                assertThat(read.lines().get(i).position()).as(replay).isEqualTo(line.position());
                assertThat(read.lines().get(i).answers())
                        .as(replay)
                        .extracting(ExplanationText.Answer::code)
                        .containsSubsequence(line.reasons().stream()
                                .map(Reason::code)
                                .distinct()
                                .toList());
            }
            assertThat(text).as(replay).doesNotContain("\n");
            assertThat(ExplanationText.parseLines(explanation.unitsText()))
                    .as(replay)
                    .isEqualTo(read.lines());
        }
        if (System.getProperty("spillway.seed") == null) {
            assertThat(seen).hasSize(kinds().length);
        }
    }

    private static long[] seeds() {
        var one = System.getProperty("spillway.seed");
        return one == null ? IntStream.range(0, 2000).asLongStream().toArray() : new long[] {Long.parseLong(one)};
    }

    private static Explanation explanation(SplittableRandom random, Set<String> seen) {
        if (random.nextInt(4) == 0) {
            return new Explanation(List.of(new Explanation.UnitLine(0, "", reasons(random, 1, seen))));
        }
        var lines = new ArrayList<Explanation.UnitLine>();
        int units = 1 + random.nextInt(4);
        for (int position = 1; position <= units; position++) {
            lines.add(new Explanation.UnitLine(position, text(random), reasons(random, 0, seen)));
        }
        return new Explanation(lines);
    }

    /** Every kind of reason, of all families. */
    private static Class<?>[] kinds() {
        return Arrays.stream(Reason.class.getPermittedSubclasses())
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .flatMap(kind -> kind.isSealed() ? Arrays.stream(kind.getPermittedSubclasses()) : Stream.of(kind))
                .toArray(Class<?>[]::new);
    }

    private static List<Reason> reasons(SplittableRandom random, int least, Set<String> seen) {
        var kinds = kinds();
        return Stream.generate(() -> kinds[random.nextInt(kinds.length)])
                .limit(least + random.nextInt(3))
                .peek(kind -> seen.add(kind.getName()))
                .map(kind -> reason(kind, random))
                .toList();
    }

    /** A reason of any kind, present or future, with random contents. */
    private static Reason reason(Class<?> kind, SplittableRandom random) {
        var components = kind.getRecordComponents();
        var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = Arrays.stream(components)
                .map(component -> value(component.getGenericType(), component, random))
                .toArray();
        try {
            return (Reason) kind.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(kind + " cannot be made", e);
        }
    }

    private static @Nullable Object value(Type type, RecordComponent component, SplittableRandom random) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            return IntStream.range(0, random.nextInt(3))
                    .mapToObj(i -> value(list.getActualTypeArguments()[0], component, random))
                    .toList();
        }
        if (type instanceof ParameterizedType) { // of texts to numbers
            var counts = new TreeMap<String, Integer>();
            IntStream.range(0, random.nextInt(3)).forEach(i -> counts.put(text(random), 1 + random.nextInt(9)));
            return counts;
        }
        if (type == Instant.class) {
            boolean mayBeAbsent = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            return mayBeAbsent && random.nextBoolean() ? null : NOON.plusMillis(random.nextInt(10_000_000));
        }
        if (type == int.class) {
            return random.nextInt(100);
        }
        if (type == long.class) {
            return random.nextLong(1_000_000);
        }
        if (type == Closure.class) {
            return CLOSURES.get(random.nextInt(CLOSURES.size()));
        }
        if (type instanceof Class<?> kind && kind.isEnum()) {
            var constants = kind.getEnumConstants();
            return constants[random.nextInt(constants.length)];
        }
        return switch (type.getTypeName()) {
            case "java.lang.String" -> text(random);
            case "dev.spillway.core.model.Shortage" ->
                new Shortage(text(random), text(random), random.nextInt(9), random.nextInt(9));
            case "dev.spillway.core.model.RegionId" -> new RegionId(text(random));
            case "dev.spillway.core.model.InstanceId" -> new InstanceId(text(random));
            case "dev.spillway.core.model.ZoneId" -> new ZoneId(text(random));
            case "dev.spillway.core.model.NodeName" -> new NodeName(text(random));
            case "dev.spillway.core.model.PodKey" -> new PodKey(text(random), text(random));
            case "dev.spillway.core.model.Owner" -> new Owner(text(random), text(random), text(random), text(random));
            case "dev.spillway.core.model.PolicyKey" -> new PolicyKey(text(random), text(random));
            default -> throw new AssertionError("no random " + type);
        };
    }

    private static String text(SplittableRandom random) {
        var text = new StringBuilder();
        int pieces = random.nextInt(6);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
