package dev.spillway.core.caps;

import dev.spillway.core.model.Labels;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.UnitKey;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.SlotRequest;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.step.Agenda;
import dev.spillway.core.step.Effect;
import dev.spillway.core.step.Settings;
import dev.spillway.core.step.SlotAnswer;
import dev.spillway.core.step.Step;
import dev.spillway.core.step.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reserves slots of capped units in the policy's status before a pod is bound into them, so that caps hold while two processes both
 * believe to lead. Slots wanted meanwhile go out together with the next request; policies without caps pay nothing (R4.9).
 *
 * <p>Why that is exact: only the holder promises slots, and becoming the holder is a compare-and-set that any later one of another
 * process defeats. Whoever takes a policy over lets what the process before had sent take effect, lists the pods then, and asks regions anew
 * for instances that it knew of before: what the process before has bound is in the list, what it may still bind is among the slots that
 * it had reserved, and those count until their pod is bound or gone.
 */
public final class SlotReservations {
    /** A process that another one has displaced leaves the policy to it so long. */
    private static final Duration DISPLACED = Duration.ofSeconds(30);

    /** Longest deadline of a write to the API server; regions declare their own, which may be longer. */
    private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

    private final Settings settings;
    private final Step step;
    private final World world;
    private final UnitCounts counts;
    private final Agenda agenda;
    private long requests;
    private final TreeMap<PolicyKey, Book> books = new TreeMap<>();

    public SlotReservations(Step step, UnitCounts counts) {
        this.settings = step.settings();
        this.step = step;
        this.world = step.world();
        this.counts = counts;
        this.agenda = step.agenda();
    }

    private record Waiting(SlotRequest request, Labels annotations, boolean displaced) {
        Waiting afterDisplacement() {
            return new Waiting(request, annotations, true);
        }
    }

    private enum Standing {
        /** This process has not become the holder yet. */
        STRANGER,
        /** It has, and is listing the pods. */
        LISTING,
        /** It is the holder, and knows who is in each unit. */
        HOLDER,
        /** Another process has taken the policy over. */
        DISPLACED
    }

    private static final class Book {
        private final PolicyKey policy;
        private Standing standing = Standing.STRANGER;
        private @Nullable Reserved known;
        private Effect.@Nullable Reserve underWay;
        private final Map<Reserved.Slot, Waiting> wanted = new LinkedHashMap<>();
        private final Map<Reserved.Slot, Waiting> asked = new LinkedHashMap<>();
        private final LinkedHashMap<PodUid, Reserved.Slot> promised = new LinkedHashMap<>();
        private final TreeMap<PodUid, List<Reserved.Slot>> others = new TreeMap<>();
        private List<Reserved.Slot> inherited = List.of();
        private boolean listed; // pods are being listed for it
        private int tries;
        private Instant until = Instant.MIN; // while it is listing or displaced

        private Book(PolicyKey policy) {
            this.policy = policy;
        }
    }

    /**
     * Reserves a slot for a pod in the unit that counts it. Null where that has no cap: the pod may be bound now; else the answer to the request
     * comes by the agenda, in this step or in a later one.
     *
     * @param annotations what its binding is going to write
     */
    @Nullable
    public SlotRequest reserve(PodUid pod, PolicyKey key, Labels annotations) {
        var policy = world.policies.get(key);
        var member = counts.member(pod);
        if (policy == null
                || member == null
                || !member.unit().policy().equals(key)
                || !policy.units().get(member.unit().position() - 1).isCapped()) {
            return null;
        }
        int unit = member.unit().position();
        var book = books.computeIfAbsent(key, Book::new);
        boolean delayed = book.standing == Standing.DISPLACED || book.standing == Standing.LISTING;
        var request = new SlotRequest(pod, ++requests);
        book.wanted.put(new Reserved.Slot(pod, unit), new Waiting(request, annotations, delayed));
        if (delayed) {
            agenda.slotAnswered(request, new SlotAnswer.Delayed(book.until));
        }
        pump(book);
        return request;
    }

    private void pump(Book book) {
        if (book.underWay != null
                || book.wanted.isEmpty()
                || book.standing == Standing.LISTING
                || book.standing == Standing.DISPLACED) {
            return;
        }
        forgetSettled(book);
        if (book.standing == Standing.STRANGER && book.known != null) {
            becomeHolder(book, book.known);
            return;
        }
        book.asked.putAll(book.wanted);
        book.wanted.clear();
        book.asked.keySet().removeIf(slot -> isSettled(slot.pod()));
        if (book.asked.isEmpty()) {
            return;
        }
        var slots = new ArrayList<Reserved.Slot>();
        book.others.values().forEach(slots::addAll);
        slots.addAll(book.promised.values());
        book.asked.forEach((slot, waiting) -> {
            if (!waiting.displaced() && full(book, slot, waiting.annotations()) == null) {
                slots.add(slot);
            }
        });
        // Also where nothing is added: only who is still the holder may say no.
        send(book, new Effect.Reserve(book.policy, book.known, new Reserved(settings.holder(), slots)));
    }

    /**
     * What was promised by somebody who may still keep it stays. None of the slots that are wanted here is written yet: whether there is room
     * for them is known only when the pods are listed, and what stands in the status counts as promised for whoever comes next.
     */
    private void becomeHolder(Book book, Reserved known) {
        var slots = new ArrayList<Reserved.Slot>();
        book.others.values().forEach(slots::addAll);
        slots.addAll(known.slots());
        slots.addAll(book.promised.values());
        send(book, new Effect.Reserve(book.policy, known, new Reserved(settings.holder(), slots)));
    }

    /** Whether the book is still the policy's: one of its name may have been created anew. */
    private boolean isOpen(Book book) {
        return books.get(book.policy) == book;
    }

    private void send(Book book, Effect.Reserve effect) {
        book.underWay = effect;
        step.emit(effect);
    }

    /** Promises to pods that are bound or gone need not be kept. */
    private void forgetSettled(Book book) {
        book.promised.keySet().removeIf(this::isSettled);
        for (var uid : List.copyOf(book.others.keySet())) {
            if (isSettled(uid)) {
                settled(book, uid);
            }
        }
    }

    private boolean isSettled(PodUid uid) {
        var state = world.pod(uid);
        return state == null || state.pod.node() != null || state.pod.phase().isTerminal();
    }

    private void settled(Book book, PodUid uid) {
        var slots = book.others.remove(uid);
        if (slots != null) {
            slots.forEach(slot -> free(counts.unreserve(slot.pod(), unitOf(book, slot))));
            agenda.shown(book.policy);
        }
    }

    private void settleOthers(Book book) {
        List.copyOf(book.others.keySet()).forEach(uid -> settled(book, uid));
    }

    private void free(@Nullable UnitKey unit) {
        if (unit != null) {
            agenda.slotFreed(unit);
        }
    }

    private static UnitKey unitOf(Book book, Reserved.Slot slot) {
        return new UnitKey(book.policy, slot.unit());
    }

    public void answered(Effect.Reserve effect, ReserveAnswer answer) {
        var key = effect.policy();
        var book = books.get(key);
        if (book == null || !effect.equals(book.underWay)) {
            return;
        }
        book.underWay = null;
        switch (answer) {
            case ReserveAnswer.Done() -> {
                book.tries = 0;
                done(book, effect);
            }
            case ReserveAnswer.Found(Reserved actual) -> found(book, actual);
            case ReserveAnswer.Gone() -> policyGone(key);
            case ReserveAnswer.Unknown unknown -> {
                book.underWay = effect; // until it is sent again, no other goes out
                step.after(Step.pause(book.tries++), () -> {
                    if (isOpen(book) && effect.equals(book.underWay)) {
                        step.emit(effect);
                    }
                });
            }
        }
    }

    private void found(Book book, Reserved actual) {
        boolean hadIt = book.standing == Standing.HOLDER || book.standing == Standing.LISTING;
        if (hadIt && !actual.holder().equals(settings.holder())) {
            displaced(book);
            return;
        }
        book.known = actual;
        book.wanted.putAll(book.asked);
        book.asked.clear();
        pump(book);
    }

    /**
     * The pods stay as they are: the other process binds them, or this one takes the policy over again in its turn. Nothing is given up
     * meanwhile, since the other may just be binding a pod to the very instance that is held here.
     */
    private void displaced(Book book) {
        book.standing = Standing.DISPLACED;
        book.listed = false;
        book.known = null;
        book.promised.clear();
        book.inherited = List.of();
        putOff(book, DISPLACED);
        settleOthers(book);
        step.after(DISPLACED, () -> {
            if (isOpen(book)) {
                book.standing = Standing.STRANGER;
                pump(book);
            }
        });
    }

    private void done(Book book, Effect.Reserve effect) {
        var before = book.known == null ? Reserved.NONE : book.known;
        book.known = effect.desired();
        if (book.standing == Standing.HOLDER || (before.holder().isEmpty() && !mayBeNewlyCapped(book))) {
            book.standing = Standing.HOLDER; // where it was empty, nobody had ever promised a slot of this policy
            grant(book, new HashSet<>(effect.desired().slots()));
            pump(book);
        } else {
            book.standing = Standing.LISTING;
            book.inherited = before.slots();
            takeOver(book);
            putOff(book, untilAllSentHasLanded());
            step.after(untilAllSentHasLanded(), () -> list(book));
        }
    }

    /** A process before this one may have bound pods freely, just before an edit gave the policy its first cap. */
    private boolean mayBeNewlyCapped(Book book) {
        var policy = world.policies.get(book.policy);
        return policy != null && policy.generation() > 1 && step.age().compareTo(LONGEST_WRITE) < 0;
    }

    /** Whoever waits for a slot is told until when, and has to ask anew for what was known of its instance. */
    private void putOff(Book book, Duration time) {
        book.until = step.now().plus(time);
        book.wanted.putAll(book.asked);
        book.asked.clear();
        book.wanted.replaceAll((slot, waiting) -> waiting.afterDisplacement());
        book.wanted.values().forEach(waiting -> answer(waiting, new SlotAnswer.Delayed(book.until)));
    }

    /** So long after it was displaced, nothing that a process had sent before takes effect any more. */
    private Duration untilAllSentHasLanded() {
        var settle = world.longestSettle();
        return settle.compareTo(LONGEST_WRITE) > 0 ? settle : LONGEST_WRITE;
    }

    /** What the process before has reserved counts until it is known what became of it. */
    private void takeOver(Book book) {
        var policy = world.policies.get(book.policy);
        for (var slot : book.inherited) {
            var state = world.pod(slot.pod());
            if (policy != null && hasUnit(policy, slot) && state != null && !isSettled(slot.pod())) {
                var slots = book.others.computeIfAbsent(slot.pod(), p -> new ArrayList<>());
                if (!slots.contains(slot)) {
                    slots.add(slot);
                    counts.reserve(
                            slot.pod(),
                            UnitMembership.promised(policy, slot.unit(), state.pod, world.additionsFor(state.pod)));
                    agenda.shown(book.policy);
                }
            }
        }
    }

    /** An edit may have removed it since. */
    private static boolean hasUnit(Policy policy, Reserved.Slot slot) {
        return slot.unit() >= 1 && slot.unit() <= policy.units().size();
    }

    private void list(Book book) {
        if (isOpen(book) && book.standing == Standing.LISTING) {
            book.listed = true;
            step.emit(new Effect.ListPods(book.policy.namespace()));
        }
    }

    /** Pods were listed; those that are known have been learnt from already. A policy whose own time has not come is not concerned. */
    public void podsListed(Effect.ListPods effect, PodListAnswer answer) {
        for (var book : List.copyOf(books.values())) {
            if (book.listed && book.policy.namespace().equals(effect.namespace())) {
                book.listed = false;
                listed(book, answer);
            }
        }
    }

    private void listed(Book book, PodListAnswer answer) {
        // Of a pod that matters the feed may not have told yet: it does soon, or the next list knows better.
        boolean complete = answer instanceof PodListAnswer.Complete(List<Pod> pods)
                && pods.stream()
                        .allMatch(
                                pod -> world.pod(pod.uid()) != null || (pod.node() == null && !isInherited(book, pod)));
        if (!complete) {
            step.after(Step.pause(0), () -> list(book));
            return;
        }
        takeOver(book);
        book.inherited = List.of();
        book.standing = Standing.HOLDER;
        forgetSettled(book);
        pump(book);
    }

    private static boolean isInherited(Book book, Pod pod) {
        return book.inherited.stream().anyMatch(slot -> slot.pod().equals(pod.uid()));
    }

    private void answer(Waiting waiting, SlotAnswer answer) {
        agenda.slotAnswered(waiting.request(), answer);
    }

    private void grant(Book book, Set<Reserved.Slot> written) {
        var answered = new LinkedHashMap<>(book.asked);
        book.asked.clear();
        answered.forEach((slot, waiting) -> {
            var full = full(book, slot, waiting.annotations());
            if (full == null && waiting.displaced()) {
                answer(waiting, new SlotAnswer.Stale());
            } else if (full == null && written.contains(slot)) {
                book.promised.put(slot.pod(), slot);
                answer(waiting, new SlotAnswer.Granted());
            } else if (full == null) {
                book.wanted.put(slot, waiting); // room has come to light meanwhile
            } else {
                answer(waiting, new SlotAnswer.Denied(full));
            }
        });
    }

    /** Why the unit has no room for a pod that counts in it already, null where it has: others may have come to light meanwhile. */
    private @Nullable String full(Book book, Reserved.Slot slot, Labels annotations) {
        var policy = world.policies.get(book.policy);
        var state = world.pod(slot.pod());
        if (policy == null
                || state == null
                || !policy.wrote(annotations)
                || slot.unit() > policy.units().size()) {
            return null; // what was decided under an earlier generation holds
        }
        if (counts.reserved(slot.pod(), unitOf(book, slot)) != null) {
            return null; // promised to it before: it may be bound there whatever is said here
        }
        var unit = policy.units().get(slot.unit() - 1);
        var max = unit.max();
        var member = counts.member(slot.pod());
        var group = member == null ? policy.counting().group(state.pod.labels()) : member.group();
        if (max != null && counts.count(book.policy, slot.unit(), group) > max) {
            return "its cap of %d turned out to be reached".formatted(max);
        }
        var used = counts.used(book.policy, slot.unit());
        for (var name : unit.maxResources().names()) {
            if (used.get(name) > unit.maxResources().get(name)) {
                return "its cap of %s turned out to be reached".formatted(name);
            }
        }
        return null;
    }

    /** The pod is bound, or gone. */
    public void podChanged(PodUid uid) {
        if (books.isEmpty() || !isSettled(uid)) {
            return;
        }
        for (var book : List.copyOf(books.values())) {
            settled(book, uid);
        }
    }

    /** The policy is gone, and its status with it: without it the units have no caps. */
    public void policyGone(PolicyKey key) {
        var book = books.remove(key);
        if (book != null) {
            // Nobody is let in for that alone: all pods of the policy walk again now.
            book.others.values().stream()
                    .flatMap(List::stream)
                    .forEach(slot -> counts.unreserve(slot.pod(), unitOf(book, slot)));
            book.asked.values().forEach(waiting -> answer(waiting, new SlotAnswer.Granted()));
            book.wanted.values().forEach(waiting -> answer(waiting, new SlotAnswer.Granted()));
        }
    }
}
