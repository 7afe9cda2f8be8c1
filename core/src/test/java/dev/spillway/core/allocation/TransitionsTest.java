package dev.spillway.core.allocation;

import static dev.spillway.core.testing.InstanceBuilder.anInstance;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spillway.core.allocation.AllocationState.Asking;
import dev.spillway.core.allocation.AllocationState.Binding;
import dev.spillway.core.allocation.AllocationState.Bound;
import dev.spillway.core.allocation.AllocationState.Doubt;
import dev.spillway.core.allocation.AllocationState.Ending;
import dev.spillway.core.allocation.AllocationState.Gone;
import dev.spillway.core.allocation.AllocationState.Held;
import dev.spillway.core.allocation.AllocationState.Shown;
import dev.spillway.core.allocation.AllocationState.Unknown;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.port.BindAttempt;
import dev.spillway.core.port.Instance;
import dev.spillway.core.stock.StockPicture.Ticket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The life of an allocation, every event in every state (R22.1 to R22.6, R23, R24.1, R26). */
class TransitionsTest {
    private static final PodKey POD = new PodKey("demo", "pod-1");
    private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = BEFORE.plusSeconds(60);
    private static final SlotRequest SLOT = new SlotRequest(new PodUid("uid-1"), 7);
    private static final Labels CARRIED = Labels.of("team", "a");
    private static final Shown SHOWN = new Shown(Instance.State.RUNNING, List.of(), 0, List.of());
    private static final Ticket TICKET = new Ticket(report(5).tags().offer(), 0, 1, 1, 0);

    /**
     * The state after each event in each state; a dash: it cannot happen there, and throws. Two columns for a state are the two ways
     * in which it can be: without and with a report before the answer, after a lost answer and in doubt, without and with a request
     * for a slot under way.
     */
    private static final String TABLE = """
                      | Asking  | Reported | Lost    | Doubted | Held    | AwaitsSlot | Binding | Bound  | Ending | Gone
        Accepted      | Held    | Held     | -       | -       | -       | -          | -       | -      | -      | -
        AcceptedGone  | Gone    | Gone     | -       | -       | -       | -          | -       | -      | -      | -
        Refused       | Gone    | -        | -       | -       | -       | -          | -       | -      | -      | -
        AnswerLost    | Unknown | -        | -       | -       | -       | -          | -       | -      | -      | -
        TokenSpent    | Ending  | Ending   | -       | -       | -       | -          | -       | -      | -      | -
        Replaced      | Gone    | Gone     | Gone    | Gone    | -       | -          | -       | -      | -      | -
        Found         | -       | -        | Held    | Held    | -       | -          | -       | -      | -      | -
        FoundGone     | -       | -        | Gone    | Gone    | -       | -          | -       | -      | -      | -
        NotFound      | -       | -        | Gone    | Gone    | -       | -          | -       | -      | -      | -
        LookedUp      | -       | -        | Unknown | Unknown | -       | -          | -       | -      | -      | -
        Reported      | Asking  | Asking   | -       | -       | Held    | Held       | Binding | Bound  | Ending | -
        Doubted       | -       | -        | -       | -       | Unknown | Unknown    | -       | -      | -      | -
        SlotRequested | -       | -        | -       | -       | Held    | -          | -       | -      | -      | -
        SlotAnswered  | -       | -        | -       | -       | -       | Held       | -       | -      | -      | -
        BindSent      | -       | -        | -       | -       | Binding | -          | -       | -      | -      | -
        BindSentAgain | -       | -        | -       | -       | -       | -          | Binding | -      | -      | -
        PodBound      | -       | -        | -       | -       | Bound   | Bound      | Bound   | -      | -      | -
        StatusSent    | -       | -        | -       | -       | -       | -          | -       | Bound  | -      | -
        ReclaimTold   | -       | -        | -       | -       | -       | -          | -       | Bound  | -      | -
        TriedInVain   | -       | -        | Unknown | Unknown | -       | -          | Binding | Bound  | Ending | -
        TerminateSent | -       | -        | -       | -       | Ending  | Ending     | Ending  | Ending | -      | -
        EndConfirmed  | -       | -        | -       | -       | -       | -          | -       | -      | Ending | -
        Ended         | -       | -        | -       | -       | -       | -          | -       | Gone   | Gone   | -
        WrittenOff    | Gone    | Gone     | Gone    | Gone    | -       | -          | -       | Gone   | Gone   | -
        """;

    private static Map<String, AllocationState> states() {
        var known = report(5);
        var states = new LinkedHashMap<String, AllocationState>();
        states.put("Asking", new Asking(TICKET, BEFORE, null));
        states.put("Reported", new Asking(TICKET, BEFORE, known));
        states.put("Lost", new Unknown(new Doubt.AnswerLost(), BEFORE, BEFORE, 1));
        states.put("Doubted", new Unknown(new Doubt.PerhapsEnded(known, BEFORE), BEFORE, BEFORE, 1));
        states.put("Held", new Held(known, BEFORE, null));
        states.put("AwaitsSlot", new Held(known, BEFORE, SLOT));
        states.put("Binding", new Binding(known, BEFORE, new BindAttempt.Sent(BEFORE, 1), CARRIED));
        states.put("Bound", new Bound(known, BEFORE, null, false, 1));
        states.put("Ending", new Ending(known, BEFORE, 1, false));
        states.put("Gone", new Gone(known));
        return states;
    }

    private static Map<String, AllocationEvent> events() {
        var gone = report(6, Instance.State.GONE);
        var events = new LinkedHashMap<String, AllocationEvent>();
        events.put("AcceptedGone", new AllocationEvent.Accepted(gone, NOW));
        events.put("FoundGone", new AllocationEvent.Found(gone, NOW));
        Stream.of(
                        new AllocationEvent.Accepted(report(6), NOW),
                        new AllocationEvent.Refused(),
                        new AllocationEvent.AnswerLost(NOW),
                        new AllocationEvent.TokenSpent(report(0, Instance.State.ENDING), NOW),
                        new AllocationEvent.Replaced(),
                        new AllocationEvent.Found(report(6), NOW),
                        new AllocationEvent.NotFound(),
                        new AllocationEvent.LookedUp(NOW),
                        new AllocationEvent.Reported(report(6)),
                        new AllocationEvent.Doubted(NOW),
                        new AllocationEvent.SlotRequested(SLOT),
                        new AllocationEvent.SlotAnswered(),
                        new AllocationEvent.BindSent(CARRIED, NOW),
                        new AllocationEvent.BindSentAgain(NOW),
                        new AllocationEvent.PodBound(null),
                        new AllocationEvent.StatusSent(SHOWN),
                        new AllocationEvent.ReclaimTold(),
                        new AllocationEvent.TriedInVain(),
                        new AllocationEvent.TerminateSent(NOW),
                        new AllocationEvent.EndConfirmed(),
                        new AllocationEvent.Ended(),
                        new AllocationEvent.WrittenOff())
                .forEach(event -> events.put(event.getClass().getSimpleName(), event));
        return events;
    }

    private static Instance report(long observation) {
        return report(observation, Instance.State.STARTING);
    }

    private static Instance report(long observation, Instance.State state) {
        return anInstance("i-1").state(state).observation(observation).build();
    }

    private static List<List<String>> rows() {
        return TABLE.lines()
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
    }

    static List<Arguments> pairs() {
        var pairs = new ArrayList<Arguments>();
        var head = rows().getFirst();
        for (var row : rows().subList(1, rows().size())) {
            for (int i = 1; i < row.size(); i++) {
                pairs.add(Arguments.of(row.getFirst(), head.get(i), row.get(i)));
            }
        }
        return pairs;
    }

    @ParameterizedTest(name = "{0} in {1}: {2}")
    @MethodSource("pairs")
    void everyEventInEveryStateIsDecided(String eventName, String stateName, String expected) {
        var event = Objects.requireNonNull(events().get(eventName));
        var state = Objects.requireNonNull(states().get(stateName));
        if (expected.equals("-")) {
            assertThatThrownBy(() -> Transitions.next(POD, state, event))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll(
                            "pod demo/pod-1",
                            "state " + state.getClass().getSimpleName() + ":",
                            event.getClass().getSimpleName() + " cannot happen");
        } else {
            var next = Transitions.next(POD, state, event);
            assertThat(next.getClass().getSimpleName()).isEqualTo(expected);
        }
    }

    @Test
    void theTableKnowsEveryEventAndEveryState() {
        var rows = rows();
        assertThat(rows.stream().skip(1).map(List::getFirst)).containsExactlyInAnyOrderElementsOf(events().keySet());
        assertThat(rows.getFirst().stream().skip(1)).containsExactlyElementsOf(states().keySet());
        assertThat(classesOf(events().values())).isEqualTo(recordsOf(AllocationEvent.class));
        assertThat(classesOf(states().values())).isEqualTo(recordsOf(AllocationState.class));
    }

    private static Set<String> classesOf(Iterable<?> samples) {
        var names = new TreeSet<String>();
        samples.forEach(sample -> names.add(sample.getClass().getSimpleName()));
        return names;
    }

    private static Set<String> recordsOf(Class<?> sealed) {
        var names = new TreeSet<String>();
        for (var permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isRecord()) {
                names.add(permitted.getSimpleName());
            } else {
                names.addAll(recordsOf(permitted));
            }
        }
        return names;
    }

    private static AllocationState after(String state, AllocationEvent event) {
        return Transitions.next(POD, Objects.requireNonNull(states().get(state)), event);
    }

    @Test
    void theNewestReportIsKeptWhereverOneComesFrom() { // R25.3
        var older = report(4);
        var newer = report(6, Instance.State.RUNNING);
        for (var state : List.of("Held", "AwaitsSlot", "Binding", "Bound", "Ending", "Reported")) {
            assertThat(after(state, new AllocationEvent.Reported(newer)).instance())
                    .as(state)
                    .isEqualTo(newer);
            assertThat(after(state, new AllocationEvent.Reported(older)))
                    .as(state)
                    .isEqualTo(states().get(state));
        }
        assertThat(after("Reported", new AllocationEvent.Accepted(older, NOW)).instance())
                .isEqualTo(report(5));
        assertThat(after("Doubted", new AllocationEvent.Found(older, NOW)).instance())
                .isEqualTo(report(5));
        assertThat(after("Reported", new AllocationEvent.TokenSpent(report(0), NOW))
                        .instance())
                .isEqualTo(report(5));
    }

    @Test
    void aReportOfAnotherInstanceIsNotOlder() {
        var other = anInstance("i-2").observation(0).build();
        assertThat(after("Held", new AllocationEvent.Reported(other)).instance())
                .isEqualTo(other);
    }

    @Test
    void anInstanceIsHeldFromTheFirstTimeOn() { // R23.5 counts from there
        assertThat(after("Asking", new AllocationEvent.Accepted(report(6), NOW)))
                .isEqualTo(new Held(report(6), NOW, null));
        assertThat(after("Lost", new AllocationEvent.Found(report(6), NOW))).isEqualTo(new Held(report(6), NOW, null));
        assertThat(after("Doubted", new AllocationEvent.Found(report(6), NOW)))
                .isEqualTo(new Held(report(6), BEFORE, null));
        assertThat(after("Held", new AllocationEvent.Doubted(NOW)))
                .isEqualTo(new Unknown(new Doubt.PerhapsEnded(report(5), BEFORE), NOW, NOW, 0));
    }

    @Test
    void aLostAnswerIsUnknownFromThenOn() { // R22.5 counts from there
        var lost = new Unknown(new Doubt.AnswerLost(), NOW, NOW, 0);
        assertThat(after("Asking", new AllocationEvent.AnswerLost(NOW))).isEqualTo(lost);
        var later = NOW.plusSeconds(5);
        assertThat(Transitions.next(POD, lost, new AllocationEvent.LookedUp(later)))
                .isEqualTo(new Unknown(new Doubt.AnswerLost(), NOW, later, 0));
    }

    @Test
    void aBindingRemembersWhatThePodCarriedBeforeTheFirst() { // R23.3
        assertThat(after("Held", new AllocationEvent.BindSent(CARRIED, NOW)))
                .isEqualTo(new Binding(report(5), BEFORE, new BindAttempt.Sent(NOW, 0), CARRIED));
        assertThat(after("Binding", new AllocationEvent.BindSentAgain(NOW)))
                .isEqualTo(new Binding(report(5), BEFORE, new BindAttempt.Sent(NOW, 1), CARRIED));
    }

    @Test
    void triesAreCountedInOneStateOnly() {
        assertThat(after("Lost", new AllocationEvent.TriedInVain()))
                .isEqualTo(new Unknown(new Doubt.AnswerLost(), BEFORE, BEFORE, 2));
        assertThat(after("Binding", new AllocationEvent.TriedInVain()))
                .isEqualTo(new Binding(report(5), BEFORE, new BindAttempt.Sent(BEFORE, 2), CARRIED));
        assertThat(after("Binding", new AllocationEvent.PodBound(SHOWN)))
                .isEqualTo(new Bound(report(5), BEFORE, SHOWN, false, 0));
        assertThat(after("Bound", new AllocationEvent.TriedInVain()))
                .isEqualTo(new Bound(report(5), BEFORE, null, false, 2));
        assertThat(after("Bound", new AllocationEvent.TerminateSent(NOW)))
                .isEqualTo(new Ending(report(5), NOW, 0, false));
        assertThat(after("Ending", new AllocationEvent.TriedInVain()))
                .isEqualTo(new Ending(report(5), BEFORE, 2, false));
    }

    @Test
    void whatABoundPodWasToldIsKept() { // E56
        var told = after("Bound", new AllocationEvent.ReclaimTold());
        assertThat(told).isEqualTo(new Bound(report(5), BEFORE, null, true, 1));
        assertThat(Transitions.next(POD, told, new AllocationEvent.StatusSent(SHOWN)))
                .isEqualTo(new Bound(report(5), BEFORE, SHOWN, true, 1));
    }

    @Test
    void anEndThatIsConfirmedStaysSo() { // R26.1
        var confirmed = after("Ending", new AllocationEvent.EndConfirmed());
        assertThat(confirmed).isEqualTo(new Ending(report(5), BEFORE, 1, true));
        var last = report(9, Instance.State.SUCCEEDED);
        var reported = Transitions.next(POD, confirmed, new AllocationEvent.Reported(last));
        assertThat(Transitions.next(POD, reported, new AllocationEvent.Ended())).isEqualTo(new Gone(last));
    }

    @Test
    void aSlotIsAwaitedUntilItsAnswer() { // R23.6
        assertThat(after("Held", new AllocationEvent.SlotRequested(SLOT))).isEqualTo(states().get("AwaitsSlot"));
        assertThat(after("AwaitsSlot", new AllocationEvent.SlotAnswered())).isEqualTo(states().get("Held"));
        assertThat(after("AwaitsSlot", new AllocationEvent.Reported(report(6))))
                .isEqualTo(new Held(report(6), BEFORE, SLOT));
    }

    @Test
    void aMessageSaysWhyItCannotBe() {
        assertThatThrownBy(() -> after("Bound", new AllocationEvent.BindSent(CARRIED, NOW)))
                .hasMessage("BindSent cannot happen to the allocation of pod demo/pod-1 in state Bound: "
                        + "capacity and slot come first, and a second binding is a repetition.");
    }
}
