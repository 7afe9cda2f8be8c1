package dev.spillway.simulation;

import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Capabilities;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Event;
import dev.spillway.regions.simulated.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries the effects of one process to the simulated regions, and their answers and reports back, and loses, doubles and delays
 * them as far as the port allows: within {@code settle} a request has taken effect and shows.
 */
final class RegionLink {
    private final World world;
    private final ControllerProcess process;
    private final Set<RegionId> deaf = new TreeSet<>();
    private final Map<Offer, Long> lastArrival = new TreeMap<>(); // of requests for an offer, which arrive in order

    RegionLink(World world, ControllerProcess process) {
        this.world = world;
        this.process = process;
    }

    /** Connects to a region: it says what it can do, and reports its instances from then on. */
    void open(RegionId region) {
        world.timeline.after(
                2 * world.chaos.travel(),
                () -> process.run(() -> {
                    world.cloud.subscribe(region, instance -> reported(region, instance));
                    var capacity = new Resources(1_000_000, 1L << 45, 1_000);
                    process.tell(new Event.BackendOpened(region, new Capabilities(SimulatedCloud.SETTLE, capacity)));
                }));
    }

    void send(Effect.ToRegion effect, long emittedMillis) {
        var cloud = world.cloud;
        long sentMillis = world.timeline.millis();
        switch (effect) {
            case Effect.Acquire it -> acquire(it, sentMillis);
            case Effect.Terminate it -> {
                Function<TerminateAnswer, Event> event = answer -> new Event.TerminateAnswered(it, answer);
                if (sentMillis - emittedMillis > SimulatedCloud.TIMEOUT.toMillis()) {
                    process.tell(event.apply(new TerminateAnswer.Unknown("it was too late to send the request")));
                } else {
                    carry(() -> cloud.terminate(process, it), TerminateAnswer.Unknown::new, event);
                }
            }
            case Effect.Find it ->
                carry(
                        () -> cloud.find(it.region(), it.token()),
                        FindAnswer.Unknown::new,
                        answer -> new Event.FindAnswered(it, answer));
            case Effect.Describe it ->
                carry(
                        () -> cloud.describe(it.region(), it.instance()),
                        FindAnswer.Unknown::new,
                        answer -> new Event.DescribeAnswered(it, answer));
            case Effect.ListInstances it ->
                carry(
                        () -> falsified(cloud.list(it.region())),
                        ListAnswer.Unknown::new,
                        answer -> new Event.InstancesListed(it, answer));
        }
    }

    /** It is sent however late: a process may be paused between its last look at the clock and the call. */
    private void acquire(Effect.Acquire it, long sentMillis) {
        Function<AcquireAnswer, Event> event = answer -> new Event.AcquireAnswered(it, answer);
        if (world.chaos.strikes(Fault.UNPREPARED)) {
            var why = new Refusal.Unprepared("the home cluster gave no secrets/keys");
            answer(world.chaos.delay(1, SimulatedCloud.TIMEOUT.toMillis()), event, new AcquireAnswer.Refused(why));
            return;
        }
        carry(
                it.request().offer(),
                () -> world.cloud.acquire(it.request(), sentMillis),
                AcquireAnswer.Unknown::new,
                event);
    }

    private <A> void carry(Supplier<Reply<A>> call, Function<String, A> unknown, Function<A, Event> event) {
        carry(null, call, unknown, event);
    }

    /** Requests for one offer reach it in the order in which they were sent, as in production (decision 0009), save where one gets lost. */
    private long inOrder(@Nullable Offer offer, long travel) {
        if (offer == null) {
            return travel;
        }
        long now = world.timeline.millis();
        long arrival = Math.max(now + travel, lastArrival.getOrDefault(offer, 0L) + 1);
        lastArrival.put(offer, arrival);
        return arrival - now;
    }

    private <A> void carry(
            @Nullable Offer offer, Supplier<Reply<A>> call, Function<String, A> unknown, Function<A, Event> event) {
        var chaos = world.chaos;
        long timeout = SimulatedCloud.TIMEOUT.toMillis();
        long settle = SimulatedCloud.SETTLE.toMillis();
        if (chaos.strikes(Fault.REGION_REQUEST_LOST)) {
            answer(chaos.fate(2) == 0 ? timeout : chaos.delay(1, timeout), event, unknown.apply("no answer in time"));
        } else if (chaos.strikes(Fault.REGION_EFFECT_LATE)) {
            world.timeline.after(chaos.delay(timeout, settle - 1), () -> unheard(call));
            answer(timeout, event, unknown.apply("no answer in time"));
        } else {
            boolean lost = chaos.strikes(Fault.REGION_ANSWER_LOST);
            boolean doubled = chaos.strikes(Fault.REGION_REQUEST_DOUBLED);
            long there = inOrder(offer, chaos.travel());
            long again = doubled ? chaos.delay(1, 300) : 0;
            var earlier = new ArrayList<Reply<A>>(1);
            if (doubled) {
                world.timeline.after(there, () -> earlier.add(call.get()));
            }
            world.timeline.after(there + again, () -> {
                var reply = truest(earlier, call.get());
                long back = reply.latency().toMillis() + chaos.travel();
                boolean arrives =
                        !lost && reply.delivery() == Reply.Delivery.ANSWERED && there + again + back < timeout;
                long left = Math.max(1, timeout - there - again);
                if (arrives) {
                    answer(back, event, reply.answer());
                } else {
                    answer(lost ? chaos.delay(1, left) : left, event, unknown.apply("the connection broke"));
                }
            });
        }
    }

    /** Two deliveries are answered once, by the second, unless only the first tells that something was created. */
    private static <A> Reply<A> truest(List<Reply<A>> earlier, Reply<A> last) {
        return !earlier.isEmpty() && earlier.getFirst().answer() instanceof AcquireAnswer.Accepted
                ? earlier.getFirst()
                : last;
    }

    /** The region does what it is asked; its answer reaches nobody. */
    private static <A> void unheard(Supplier<Reply<A>> call) {
        var _ = call.get();
    }

    private <A> void answer(long afterMillis, Function<A, Event> event, A answer) {
        world.timeline.after(afterMillis, () -> process.tell(event.apply(answer)));
    }

    private Reply<ListAnswer> falsified(Reply<ListAnswer> truth) {
        var chaos = world.chaos;
        if (!(truth.answer() instanceof ListAnswer.Complete(List<Instance> instances))) {
            return truth;
        }
        if (chaos.strikes(Fault.REGION_LIST_FAILED)) {
            return new Reply<>(new ListAnswer.Unknown("page 2 of the list failed"), truth.delivery(), truth.latency());
        }
        if (!instances.isEmpty() && chaos.strikes(Fault.REGION_LIST_EMPTY)) {
            world.watchdog.hidden(instances);
            return new Reply<>(new ListAnswer.Complete(List.of()), truth.delivery(), truth.latency());
        }
        return truth;
    }

    /** After a gap the present state of each instance is reported. */
    private void hearAgain(RegionId region) {
        deaf.remove(region);
        if (world.cloud.list(region).answer() instanceof ListAnswer.Complete(List<Instance> instances)) {
            instances.forEach(instance -> process.tell(new Event.InstanceReported(region, instance)));
        }
    }

    private void reported(RegionId region, Instance instance) {
        var chaos = world.chaos;
        if (!process.isAlive() || deaf.contains(region)) {
            return;
        }
        if (chaos.strikes(Fault.REPORTS_CUT)) {
            deaf.add(region);
            world.timeline.after(chaos.delay(1_000, 15_000), () -> hearAgain(region));
            return;
        }
        if (chaos.strikes(Fault.REPORT_LOST)) {
            return;
        }
        int times = chaos.strikes(Fault.REPORT_DOUBLED) ? 2 : 1;
        for (int i = 0; i < times; i++) {
            long late = chaos.strikes(Fault.REPORT_REORDERED) ? chaos.delay(500, 5_000) : 0;
            world.timeline.after(
                    late + chaos.travel(), () -> process.tell(new Event.InstanceReported(region, instance)));
        }
    }
}
