package dev.spillway.regions.simulated;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One simulated region: what it is declared to be, what was changed at run time, its stock and its instances. Definitions come
 * and go; instances and tokens stay.
 */
final class RegionState {
    final RegionId id;
    final ChangeLog changes;
    // Every instance that ever was; ids ascend in order of acceptance.
    final TreeMap<InstanceId, SimulatedInstance> everById = new TreeMap<>();
    // Those that are not GONE.
    final TreeMap<InstanceId, SimulatedInstance> presentById = new TreeMap<>();
    // Only looked up, never walked.
    final Map<Token, SimulatedInstance> byToken = new HashMap<>();
    String problem = "";

    private SplittableRandom random = new SplittableRandom(0);
    private int live;
    private @Nullable RegionDefinition declared;
    private Behaviour behaviour = Behaviour.DEFAULT;
    private List<StockPool> overrides = new ArrayList<>();
    private List<StockPool> pools = List.of();
    // Only looked up, never walked. The pool of each offer asked for so far, as long as the lines do not change.
    private final Map<Offer, StockPool> poolByOffer = new HashMap<>();

    RegionState(RegionId id, int changesKept) {
        this.id = id;
        this.changes = new ChangeLog(changesKept);
    }

    /** Nothing was ever here that could be asked for. */
    boolean isUnheardOf() {
        return declared == null && everById.isEmpty();
    }

    @Nullable
    RegionDefinition declared() {
        return declared;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    /** Takes a definition; an equal one changes nothing, another one ends what was set at run time. */
    void declare(RegionDefinition definition, Instant now) {
        problem = "";
        if (definition.equals(declared)) {
            return;
        }
        if (declared == null
                || declared.behaviour().seed() != definition.behaviour().seed()) {
            random = new SplittableRandom(definition.behaviour().seed());
        }
        declared = definition;
        behaviour = definition.behaviour();
        overrides = new ArrayList<>();
        List<StockPool> before = pools;
        pools = definition.stock().stream()
                .map(line -> before.stream()
                        .filter(pool -> pool.line().equals(line))
                        .findFirst()
                        .orElseGet(() -> new StockPool(line, now)))
                .distinct()
                .toList();
        recount();
    }

    /** Takes the definition away: nothing is sold any more, what runs goes on. */
    void undeclare() {
        declared = null;
        behaviour = Behaviour.DEFAULT;
        overrides = new ArrayList<>();
        pools = List.of();
        problem = "";
        recount();
    }

    void behave(Behaviour changed) {
        behaviour = changed;
    }

    /** Puts a line of its own before all others, or in place of one set for the same offers before. */
    void override(OfferSelector selector, int instances, Instant now) {
        overrides.removeIf(pool -> pool.line().selector().equals(selector));
        StockLine covered = pools.stream()
                .map(StockPool::line)
                .filter(line -> line.selector().equals(selector))
                .findFirst()
                .orElse(new StockLine(selector, new StockScript.Constant(0)));
        StockLine line =
                new StockLine(selector, new StockScript.Constant(instances), covered.microsUsdPerHour(), covered.run());
        overrides.addFirst(new StockPool(line, now));
        recount();
    }

    /** Whether an instance can be sold. */
    sealed interface Judgement {
        /** It can, from this line. */
        record Yes(StockLine line) implements Judgement {}

        /** It cannot. */
        record No(Refusal refusal) implements Judgement {}
    }

    Judgement judge(AcquireRequest request, Instant now) {
        Offer offer = request.offer();
        if (declared == null || !declared.sells(offer)) {
            return new Judgement.No(new Refusal.NotOffered(
                    "Region %s does not sell %s in zone %s.".formatted(id, offer.product(), offer.zone())));
        }
        if (live >= behaviour.quota()) {
            return new Judgement.No(new Refusal.QuotaReached(
                    "The quota of %d instances in region %s is reached.".formatted(behaviour.quota(), id)));
        }
        StockPool pool = poolOf(offer);
        if (pool == null || !pool.hasFree(now)) {
            // Short, since whoever shows it names the offer and the zone.
            return new Judgement.No(new Refusal.OutOfStock("none left"));
        }
        return new Judgement.Yes(pool.line());
    }

    /** The pool that the offer takes from, null where there is none and hence no stock. */
    @Nullable
    StockPool poolOf(Offer offer) {
        StockPool known = poolByOffer.get(offer);
        if (known != null) {
            return known;
        }
        for (List<StockPool> lines : List.of(overrides, pools)) {
            for (StockPool pool : lines) {
                if (pool.line().selector().matches(offer)) {
                    poolByOffer.put(offer, pool);
                    return pool;
                }
            }
        }
        return null;
    }

    void add(SimulatedInstance instance) {
        everById.put(instance.id(), instance);
        presentById.put(instance.id(), instance);
        byToken.put(instance.request.token(), instance);
        changes.add(instance.current);
        hold(instance, 1);
    }

    /** Draws also where the outcome is certain, so that changing a rate does not shift what comes later. */
    boolean drawPerMille(int perMille) {
        return random.nextInt(1000) < perMille;
    }

    /** An instance begins or ceases to take from the stock. */
    void hold(SimulatedInstance instance, int difference) {
        live += difference;
        StockPool pool = poolOf(instance.offer());
        if (pool != null) {
            pool.held += difference;
        }
    }

    List<StockLevel> levels(Instant now) {
        List<StockLevel> levels = new ArrayList<>();
        overrides.forEach(pool -> levels.add(pool.level(true, now)));
        pools.forEach(pool -> levels.add(pool.level(false, now)));
        return levels;
    }

    // Lines changed: what runs now may belong to another line than when it was bought.
    private void recount() {
        poolByOffer.clear();
        overrides.forEach(pool -> pool.held = 0);
        pools.forEach(pool -> pool.held = 0);
        for (SimulatedInstance instance : presentById.values()) {
            StockPool pool = instance.state().isLive() ? poolOf(instance.offer()) : null;
            if (pool != null) {
                pool.held++;
            }
        }
    }

    /** A stock line in force. */
    static final class StockPool {
        private final StockLine line;
        private final Instant since;
        private final StockTimeline timeline;
        private int held;

        StockPool(StockLine line, Instant since) {
            this.line = line;
            this.since = since;
            this.timeline = new StockTimeline(line.script());
        }

        StockLine line() {
            return line;
        }

        StockLevel level(boolean overridden, Instant now) {
            long elapsed = now.toEpochMilli() - since.toEpochMilli();
            return new StockLevel(line, overridden, timeline.at(elapsed), held);
        }

        boolean hasFree(Instant now) {
            return level(false, now).free() > 0;
        }
    }
}
