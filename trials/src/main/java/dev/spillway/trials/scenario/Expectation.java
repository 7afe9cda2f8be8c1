package dev.spillway.trials.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.core.model.Names;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What must hold, judged by what an outside client reads from the API and by nothing else: a closed list, each with its one
 * meaning. What is said about every pod is {@link PodCheck}; it never holds of no pod at all, so that an expectation cannot
 * come true because nothing happened.
 */
sealed interface Expectation {
    /** In words. */
    String text();

    /** What was seen instead; empty where it holds. */
    Optional<String> mismatch(Snapshot snapshot);

    /**
     * Another expectation that cannot hold where this one does. It goes through the same kind of judging, so one that holds
     * all the same shows an expectation that says nothing.
     */
    Expectation inverted();

    /** The first of several that does not hold, with what was seen; empty where all do. */
    static Optional<String> firstMismatch(List<Expectation> expectations, Snapshot snapshot) {
        for (Expectation expectation : expectations) {
            var seen = expectation.mismatch(snapshot);
            if (seen.isPresent()) {
                return Optional.of("expected: %s; seen: %s".formatted(expectation.text(), seen.get()));
            }
        }
        return Optional.empty();
    }

    /**
     * Something about every pod.
     *
     * @param pods labels of the pods that are meant; empty = all of the namespace
     */
    record EveryPod(Map<String, String> pods, PodCheck check) implements Expectation {
        public EveryPod {
            pods = Map.copyOf(pods);
        }

        @Override
        public String text() {
            return "every %s %s".formatted(podsText(pods), check.text());
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            var meant = snapshot.pods(pods);
            if (meant.isEmpty()) {
                return Optional.of("there is no such pod");
            }
            for (JsonNode pod : meant) {
                var seen = check.mismatch(pod, snapshot);
                if (seen.isPresent()) {
                    return Optional.of("%s: %s".formatted(Snapshot.name(pod), seen.get()));
                }
            }
            return Optional.empty();
        }

        @Override
        public Expectation inverted() {
            return new EveryPod(pods, check.inverted());
        }
    }

    /** How many pods there are, those being deleted included. */
    record PodCount(Map<String, String> pods, int count) implements Expectation {
        public PodCount {
            pods = Map.copyOf(pods);
        }

        @Override
        public String text() {
            return "%d times a %s".formatted(count, podsText(pods));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            int seen = snapshot.pods(pods).size();
            return seen == count ? Optional.empty() : Optional.of(Integer.toString(seen));
        }

        @Override
        public Expectation inverted() {
            return new PodCount(pods, count + 1);
        }
    }

    /** How many pods are bound to virtual nodes. */
    record VirtualNodeCount(Map<String, String> pods, int count) implements Expectation {
        public VirtualNodeCount {
            pods = Map.copyOf(pods);
        }

        @Override
        public String text() {
            return "%d times a %s on a virtual node".formatted(count, podsText(pods));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            long seen = snapshot.pods(pods).stream()
                    .filter(snapshot::isOnVirtualNode)
                    .count();
            return seen == count ? Optional.empty() : Optional.of(Long.toString(seen));
        }

        @Override
        public Expectation inverted() {
            return new VirtualNodeCount(pods, count + 1);
        }
    }

    /** How many pods each region has, by the labels of their nodes; regions that are not named have none. */
    record ByRegion(Map<String, String> pods, Map<String, Integer> counts) implements Expectation {
        public ByRegion {
            pods = Map.copyOf(pods);
            counts = Map.copyOf(counts);
        }

        @Override
        public String text() {
            return "every %s counted by region is %s".formatted(podsText(pods), new TreeMap<>(counts));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            return differing(counts, snapshot.countsByRegion(pods));
        }

        @Override
        public Expectation inverted() {
            return new ByRegion(pods, oneMore(counts));
        }
    }

    /** How many pods each unit placed, by their annotation; units that are not named placed none. */
    record ByUnit(Map<String, String> pods, Map<String, Integer> counts) implements Expectation {
        public ByUnit {
            pods = Map.copyOf(pods);
            counts = Map.copyOf(counts);
        }

        @Override
        public String text() {
            return "every %s counted by %s is %s".formatted(podsText(pods), Names.UNIT, new TreeMap<>(counts));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            return differing(counts, snapshot.countsByUnit(pods));
        }

        @Override
        public Expectation inverted() {
            return new ByUnit(pods, oneMore(counts));
        }
    }

    /** How many pods each real node has; those that are not named have none. Pods on virtual nodes are not counted. */
    record ByNode(Map<String, String> pods, Map<String, Integer> counts) implements Expectation {
        public ByNode {
            pods = Map.copyOf(pods);
            counts = Map.copyOf(counts);
        }

        @Override
        public String text() {
            return "every %s counted by real node is %s".formatted(podsText(pods), new TreeMap<>(counts));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            return differing(counts, snapshot.countsByRealNode(pods));
        }

        @Override
        public Expectation inverted() {
            return new ByNode(pods, oneMore(counts));
        }
    }

    /** How many pods are in each phase; none is in one that is not named. */
    record ByPhase(Map<String, String> pods, Map<String, Integer> counts) implements Expectation {
        public ByPhase {
            pods = Map.copyOf(pods);
            counts = Map.copyOf(counts);
        }

        @Override
        public String text() {
            return "every %s counted by phase is %s".formatted(podsText(pods), new TreeMap<>(counts));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            return differing(counts, snapshot.countsByPhase(pods));
        }

        @Override
        public Expectation inverted() {
            return new ByPhase(pods, oneMore(counts));
        }
    }

    /** How many pods are being deleted. */
    record TerminatingCount(Map<String, String> pods, int count) implements Expectation {
        public TerminatingCount {
            pods = Map.copyOf(pods);
        }

        @Override
        public String text() {
            return "%d times a %s that is being deleted".formatted(count, podsText(pods));
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            long seen =
                    snapshot.pods(pods).stream().filter(Snapshot::isTerminating).count();
            return seen == count ? Optional.empty() : Optional.of(Long.toString(seen));
        }

        @Override
        public Expectation inverted() {
            return new TerminatingCount(pods, count + 1);
        }
    }

    /** An event about an object of the file as it was applied here, not about an earlier one of its name; about a node or a Region. */
    record EventOn(Subject subject, String name, WantedEvent event) implements Expectation {
        /** What an event may be about, beside pods. */
        enum Subject {
            OBJECT,
            NODE,
            REGION;

            /** As a file writes it. */
            String word() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        @Override
        public String text() {
            return "%s %s has an event%s".formatted(subject.word(), name, event.text());
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            return event.mismatch(snapshot.eventsOn(subject, name));
        }

        @Override
        public Expectation inverted() {
            return new EventOn(subject, name, event.inverted());
        }
    }

    /** A pod of the file is still the one that was applied here, or it is gone, or another one of its name. */
    record Unreplaced(String pod, boolean unreplaced) implements Expectation {
        @Override
        public String text() {
            return "pod %s is %s".formatted(pod, unreplaced ? "the one that was applied" : "gone or another one");
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            boolean seen = snapshot.pods().stream()
                    .anyMatch(one -> one.path("metadata")
                            .path("uid")
                            .asText()
                            .equals(snapshot.uids().get(pod)));
            return seen == unreplaced
                    ? Optional.empty()
                    : Optional.of(seen ? "it is still there" : "it is gone or another one");
        }

        @Override
        public Expectation inverted() {
            return new Unreplaced(pod, !unreplaced);
        }
    }

    /** How many ready replicas a Deployment reports, which is what its controller knows when it chooses whom to remove. */
    record ReadyReplicas(String deployment, int count) implements Expectation {
        @Override
        public String text() {
            return "Deployment %s reports %d ready replicas".formatted(deployment, count);
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            var found = snapshot.deployment(deployment);
            if (found.isEmpty()) {
                return Optional.of("there is no such Deployment");
            }
            int seen = found.get().path("status").path("readyReplicas").asInt();
            return seen == count ? Optional.empty() : Optional.of(Integer.toString(seen));
        }

        @Override
        public Expectation inverted() {
            return new ReadyReplicas(deployment, count + 1);
        }
    }

    /** A Deployment's pod template is the one that was stored when it was applied, or it is not. */
    record Template(String deployment, boolean unchanged) implements Expectation {
        @Override
        public String text() {
            return "the pod template of Deployment %s is %s"
                    .formatted(deployment, unchanged ? "as applied" : "changed");
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            JsonNode applied = snapshot.templates().get(deployment);
            var found = snapshot.deployment(deployment);
            if (found.isEmpty() || applied == null) {
                return Optional.of("there is no such Deployment");
            }
            JsonNode seen = found.get().path("spec").path("template");
            return seen.equals(applied) == unchanged ? Optional.empty() : Optional.of(seen.toString());
        }

        @Override
        public Expectation inverted() {
            return new Template(deployment, !unchanged);
        }
    }

    /** Status of a condition of a ResourcePolicy or a Region. */
    record StatusCondition(Holder holder, String name, String type, String status, String reason, String says)
            implements Expectation {
        /** Whose it may be. */
        enum Holder {
            POLICY("ResourcePolicy"),
            REGION("Region");

            private final String kind;

            Holder(String kind) {
                this.kind = kind;
            }
        }

        @Override
        public String text() {
            return "%s %s has condition %s=%s".formatted(holder.kind, name, type, status)
                    + (reason.isEmpty() ? "" : " " + reason)
                    + (says.isEmpty() ? "" : ", which says '" + says + "'");
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            var found = switch (holder) {
                case POLICY -> snapshot.policy(name);
                case REGION -> snapshot.region(name);
            };
            if (found.isEmpty()) {
                return Optional.of("there is no such " + holder.kind);
            }
            JsonNode seen = Snapshot.condition(found.get(), type);
            boolean holds = seen.path("status").asText().equals(status)
                    && (reason.isEmpty() || seen.path("reason").asText().equals(reason))
                    && seen.path("message").asText().contains(says);
            return holds
                    ? Optional.empty()
                    : Optional.of(seen.isMissingNode() ? "it has no such condition" : seen.toString());
        }

        @Override
        public Expectation inverted() {
            return new StatusCondition(holder, name, type, status.equals("True") ? "False" : "True", reason, says);
        }
    }

    /** What a Region's status says of every offer that has been answered. */
    record OfferState(String region, String state) implements Expectation {
        @Override
        public String text() {
            return "the offers of Region %s are %s".formatted(region, state);
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            var seen = snapshot.region(region)
                    .map(one -> one.path("status").path("stock").findValuesAsText("state"))
                    .orElse(List.of());
            return !seen.isEmpty() && seen.stream().allMatch(state::equals)
                    ? Optional.empty()
                    : Optional.of(seen.isEmpty() ? "it says nothing of any" : String.join(", ", seen));
        }

        @Override
        public Expectation inverted() {
            return new OfferState(region, "Not" + state);
        }
    }

    /** A virtual node is there and takes pods, is cordoned, or is absent. */
    record NodeState(String node, String state) implements Expectation {
        static final List<String> STATES = List.of("open", "cordoned", "absent");

        @Override
        public String text() {
            return "node %s is %s".formatted(node, state);
        }

        @Override
        public Optional<String> mismatch(Snapshot snapshot) {
            String seen = snapshot.nodes().stream()
                    .filter(one -> Snapshot.name(one).equals(node))
                    .map(one -> one.path("spec").path("unschedulable").asBoolean() ? "cordoned" : "open")
                    .findFirst()
                    .orElse("absent");
            return seen.equals(state) ? Optional.empty() : Optional.of(seen);
        }

        @Override
        public Expectation inverted() {
            return new NodeState(node, state.equals("absent") ? "open" : "absent");
        }
    }

    private static String podsText(Map<String, String> pods) {
        return pods.isEmpty()
                ? "pod"
                : "pod with "
                        + new TreeMap<>(pods)
                                .entrySet().stream()
                                        .map(label -> label.getKey() + "=" + label.getValue())
                                        .collect(Collectors.joining(", "));
    }

    private static Optional<String> differing(Map<String, Integer> expected, Map<String, Integer> seen) {
        var named = new TreeMap<>(expected);
        named.values().removeIf(count -> count == 0);
        return named.equals(seen) ? Optional.empty() : Optional.of(seen.isEmpty() ? "none" : seen.toString());
    }

    private static Map<String, Integer> oneMore(Map<String, Integer> counts) {
        var more = new TreeMap<>(counts);
        more.compute(more.firstKey(), (key, count) -> count == null ? 1 : count + 1);
        return more;
    }
}
