package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Any number of regions that sell instances, as a state machine: the same calls at the same instants give the same answers.
 * It never waits; how long a caller would have waited is in the {@link Reply}. Not thread-safe.
 *
 * <p>Time is given with each call and never goes back (an earlier instant counts as the latest seen). Every call first lets
 * happen what was due until then.
 *
 * <p>Nothing that was ever sold is forgotten: instances are found after their end, tokens stay spent, also when a region's
 * definition changes or goes away. {@link #history()} is where a test sees what was ever accepted.
 */
public final class SimulatedRegions {
    /** Enough changes for every state of 2,000 instances. */
    public static final int CHANGES_KEPT = 8192;

    private final TreeMap<RegionId, RegionState> regions = new TreeMap<>();
    private final AcquireStatistics statistics = new AcquireStatistics();
    private final InstanceLives lives;
    private final int changesKept;
    private Instant now = Instant.EPOCH;

    /**
     * No regions yet.
     *
     * @param idPrefix begins every instance's id; a server that starts with nothing uses another one each time, so that no id
     *     ever means two instances
     * @param changesKept latest changes of each region that {@link #changesAfter} knows; whoever is further behind has to list
     */
    public SimulatedRegions(String idPrefix, int changesKept) {
        this.changesKept = changesKept;
        this.lives = new InstanceLives(idPrefix);
    }

    /** Defines a region, or defines it anew: what was set at run time ends if the definition differs from the last one. */
    public void define(RegionId region, RegionDefinition definition, Instant at) {
        advance(at);
        stateOf(region).declare(definition, now);
    }

    /** Takes a region's definition away: nothing is sold there any more; what runs goes on and can be found and terminated. */
    public void undefine(RegionId region, Instant at) {
        advance(at);
        RegionState state = regions.get(region);
        if (state != null) {
            state.undeclare();
        }
    }

    /** Notes that a region was declared in a way that cannot be used; refusals say so while there is no usable definition. */
    public void reject(RegionId region, String problem) {
        stateOf(region).problem = problem;
    }

    /** What a region is defined to be, without what was set at run time; empty where it is not defined. */
    public Optional<RegionDefinition> definition(RegionId region) {
        RegionState state = regions.get(region);
        return state == null ? Optional.empty() : Optional.ofNullable(state.declared());
    }

    /** Why the last declaration of a region could not be used; empty where there is no such problem. */
    public String problem(RegionId region) {
        RegionState state = regions.get(region);
        return state == null ? "" : state.problem;
    }

    /** Every region ever heard of, defined or not, in order of id. */
    public List<RegionId> regions() {
        return List.copyOf(regions.keySet());
    }

    /** How a region behaves now; one that is not defined as by default. */
    public Behaviour behaviour(RegionId region) {
        RegionState state = regions.get(region);
        return state == null ? Behaviour.DEFAULT : state.behaviour();
    }

    /** Whether a region can be asked about instances: it is defined, or was and sold some. */
    public boolean isKnown(RegionId region) {
        RegionState state = regions.get(region);
        return state != null && !state.isUnheardOf();
    }

    /** Changes how a region behaves, until its definition changes. */
    public void behave(RegionId region, Behaviour behaviour, Instant at) {
        advance(at);
        requireDefined(region).behave(behaviour);
    }

    /**
     * Sets the instances in all of the given offers, until the region's definition changes. They become a line of their own
     * before all others, so that setting one model of a line for any model leaves the other models as they are.
     */
    public void setStock(RegionId region, OfferSelector offers, int instances, Instant at) {
        advance(at);
        requireDefined(region).override(offers, instances, now);
    }

    /** The stock of a region, in order of precedence. */
    public List<StockLevel> stock(RegionId region, Instant at) {
        advance(at);
        return requireDefined(region).levels(now);
    }

    /**
     * Asks for an instance; see {@link dev.spillway.core.port.RegionBackend#acquire}. A repeated token whose instance was
     * told to terminate answers Spent; one whose instance was not, but with other parameters, is Invalid.
     */
    public Reply<AcquireAnswer> acquire(AcquireRequest request, Instant at) {
        advance(at);
        RegionId region = request.offer().region();
        RegionState state = regions.get(region);
        if (state == null || state.declared() == null) {
            return refused(request, new Refusal.Unavailable(undefined(region)));
        }
        return switch (state.behaviour().outage()) {
            case Outage.None() -> lose(state, sell(state, request));
            case Outage.Unavailable() -> refused(request, new Refusal.Unavailable(processesNothing(region)));
            case Outage.Unauthorised() -> refused(request, new Refusal.Unauthorised(rejectsCredentials(region)));
            case Outage.Throttled(Duration retryAfter) ->
                refused(request, new Refusal.Throttled(retryAfter, tooManyCalls(region)));
            case Outage.Hang() -> {
                statistics.count(now, request, AcquireCall.Outcome.HANGING, null);
                yield hanging(new AcquireAnswer.Unknown(doesNotAnswer(region)));
            }
        };
    }

    private Reply<AcquireAnswer> sell(RegionState state, AcquireRequest request) {
        Behaviour.Delays delays = state.behaviour().delays();
        SimulatedInstance earlier = state.byToken.get(request.token());
        if (earlier != null && earlier.isSpent()) {
            statistics.count(now, request, AcquireCall.Outcome.SPENT, earlier.id());
            return Reply.answered(new AcquireAnswer.Spent(earlier.id()));
        }
        if (earlier != null && !earlier.request.equals(request)) {
            return refused(
                    request,
                    new Refusal.Invalid(
                            "The token was used with other parameters for instance %s.".formatted(earlier.id())));
        }
        if (earlier != null) {
            statistics.count(now, request, AcquireCall.Outcome.REPEATED, earlier.id());
            return answered(new AcquireAnswer.Accepted(earlier.current), delays.acceptLatency());
        }
        return switch (state.judge(request, now)) {
            case RegionState.Judgement.No(Refusal refusal) ->
                answered(refused(request, refusal).answer(), delays.refusalLatency());
            case RegionState.Judgement.Yes(StockLine line) -> {
                SimulatedInstance instance = lives.begin(state, request, line, now);
                statistics.count(now, request, AcquireCall.Outcome.ACCEPTED, instance.id());
                yield answered(new AcquireAnswer.Accepted(instance.current), delays.acceptLatency());
            }
        };
    }

    /** Terminates an instance of the cluster; one that is not the cluster's is none of its business and answers Gone. */
    public Reply<TerminateAnswer> terminate(RegionId region, String clusterId, InstanceId instance, Instant at) {
        advance(at);
        return calmly(region, TerminateAnswer.Unknown::new, state -> {
            SimulatedInstance found = state.presentById.get(instance);
            if (found == null || !found.belongsTo(clusterId)) {
                return lose(state, Reply.answered(new TerminateAnswer.Gone()));
            }
            lives.terminate(state, found, now);
            boolean isGone = found.state() == Instance.State.GONE;
            return lose(state, Reply.answered(isGone ? new TerminateAnswer.Gone() : new TerminateAnswer.Ending()));
        });
    }

    /** The instance that a token created for the cluster. */
    public Reply<FindAnswer> find(RegionId region, String clusterId, Token token, Instant at) {
        advance(at);
        return calmly(region, FindAnswer.Unknown::new, state -> found(state.byToken.get(token), clusterId));
    }

    /** The instance of an id, if it is the cluster's; GONE ones are found for ever. */
    public Reply<FindAnswer> describe(RegionId region, String clusterId, InstanceId instance, Instant at) {
        advance(at);
        return calmly(region, FindAnswer.Unknown::new, state -> found(state.everById.get(instance), clusterId));
    }

    /**
     * The instance of an id, if it is the cluster's. Not disturbed by outages: for a stream that is open already, which no outage of the region's
     * interface ends.
     */
    public Optional<Instance> look(RegionId region, String clusterId, InstanceId instance) {
        RegionState state = regions.get(region);
        SimulatedInstance found = state == null ? null : state.everById.get(instance);
        return found == null || !found.belongsTo(clusterId) ? Optional.empty() : Optional.of(found.current);
    }

    private static Reply<FindAnswer> found(@Nullable SimulatedInstance instance, String clusterId) {
        return Reply.answered(
                instance == null || !instance.belongsTo(clusterId)
                        ? new FindAnswer.NotFound()
                        : new FindAnswer.Found(instance.current));
    }

    /** The cluster's instances in a region that are not GONE, in order of id. */
    public Reply<ListAnswer> list(RegionId region, String clusterId, Instant at) {
        advance(at);
        return calmly(
                region,
                ListAnswer.Unknown::new,
                ListAnswer.Throttled::new,
                state -> Reply.answered(new ListAnswer.Complete(state.presentById.values().stream()
                        .filter(instance -> instance.belongsTo(clusterId))
                        .map(instance -> instance.current)
                        .toList())));
    }

    /**
     * What changed of the cluster's instances in a region after an observation, at most {@code limit} changes. Not disturbed by
     * outages: whoever carries it to a cluster looks at {@link #behaviour} first.
     */
    public ChangesAnswer changesAfter(RegionId region, String clusterId, long observation, int limit) {
        RegionState state = regions.get(region);
        return state == null
                ? new ChangesAnswer.Gap()
                : state.changes.after(observation, clusterId, limit, lives.lastObservation());
    }

    /** The newest observation of all; a list taken now shows everything up to it. */
    public long lastObservation() {
        return lives.lastObservation();
    }

    /** Makes something happen to an instance of a region, whosever it is. */
    public Happening.Result happen(RegionId region, InstanceId instance, Happening happening, Instant at) {
        advance(at);
        RegionState state = regions.get(region);
        SimulatedInstance found = state == null ? null : state.everById.get(instance);
        return state == null || found == null
                ? Happening.Result.NO_SUCH_INSTANCE
                : lives.happen(state, found, happening, now);
    }

    /** Lets happen, in order of time, everything that is due until then. */
    public void advance(Instant at) {
        now = at.isAfter(now) ? at : now;
        lives.advance(now);
    }

    /** When something happens next by itself; empty when nothing will. Stock scripts do not count: stock shows in answers only. */
    public Optional<Instant> nextChange() {
        return lives.nextChange();
    }

    /**
     * Says how far the caller's clock is ahead of wall time. Times that other programs read (start and end of containers) are
     * given in wall time.
     */
    public void clockIsAheadBy(Duration ahead) {
        lives.clockIsAheadBy(ahead);
    }

    /** Every instance that ever was, in all regions, by region and then in order of acceptance. */
    public List<HistoryEntry> history() {
        List<HistoryEntry> history = new ArrayList<>();
        regions.values().forEach(state -> state.everById.values().forEach(one -> history.add(one.historyEntry())));
        return history;
    }

    /** Calls of acquire by offer and outcome, in order of both. */
    public Map<Offer, Map<AcquireCall.Outcome, Long>> acquireCounts() {
        return statistics.counts();
    }

    /** The latest calls of acquire after a number, in order; at most 20,000 are kept. */
    public List<AcquireCall> acquireCallsAfter(long number) {
        return statistics.after(number);
    }

    /** What a region answers when nothing is wrong with it; what is wrong, as an unknown answer, when something is. */
    private <A> Reply<A> calmly(RegionId region, Function<String, A> unknown, Function<RegionState, Reply<A>> answer) {
        return calmly(region, unknown, unknown, answer);
    }

    /** The same where an answer of its own says that there were too many calls. */
    private <A> Reply<A> calmly(
            RegionId region,
            Function<String, A> unknown,
            Function<String, A> throttled,
            Function<RegionState, Reply<A>> answer) {
        RegionState state = regions.get(region);
        if (state == null || state.isUnheardOf()) {
            return Reply.answered(unknown.apply(undefined(region)));
        }
        return switch (state.behaviour().outage()) {
            case Outage.None() -> answer.apply(state);
            case Outage.Unavailable() -> Reply.answered(unknown.apply(processesNothing(region)));
            case Outage.Unauthorised() -> Reply.answered(unknown.apply(rejectsCredentials(region)));
            case Outage.Throttled(Duration retryAfter) -> Reply.answered(throttled.apply(tooManyCalls(region)));
            case Outage.Hang() -> hanging(unknown.apply(doesNotAnswer(region)));
        };
    }

    private Reply<AcquireAnswer> refused(AcquireRequest request, Refusal refusal) {
        statistics.count(now, request, AcquireCall.Outcome.of(refusal), null);
        return Reply.answered(new AcquireAnswer.Refused(refusal));
    }

    private static <A> Reply<A> lose(RegionState state, Reply<A> reply) {
        boolean lost = state.drawPerMille(state.behaviour().faults().loseAnswersPerMille());
        return lost ? new Reply<>(reply.answer(), Reply.Delivery.CUT, reply.latency()) : reply;
    }

    private static <A> Reply<A> hanging(A answer) {
        return new Reply<>(answer, Reply.Delivery.HANGING, Duration.ZERO);
    }

    private static <A> Reply<A> answered(A answer, Duration latency) {
        return new Reply<>(answer, Reply.Delivery.ANSWERED, latency);
    }

    private RegionState stateOf(RegionId region) {
        return regions.computeIfAbsent(region, id -> new RegionState(id, changesKept));
    }

    private RegionState requireDefined(RegionId region) {
        RegionState state = regions.get(region);
        if (state == null || state.declared() == null) {
            throw new IllegalArgumentException(undefined(region));
        }
        return state;
    }

    private String undefined(RegionId region) {
        String problem = problem(region);
        return problem.isEmpty() ? "Region %s is not defined here; define it first.".formatted(region) : problem;
    }

    private static String processesNothing(RegionId region) {
        return "Region %s processes nothing now.".formatted(region);
    }

    private static String rejectsCredentials(RegionId region) {
        return "Region %s rejects the credentials.".formatted(region);
    }

    private static String tooManyCalls(RegionId region) {
        return "Region %s has had too many calls.".formatted(region);
    }

    private static String doesNotAnswer(RegionId region) {
        return "Region %s does not answer.".formatted(region);
    }
}
