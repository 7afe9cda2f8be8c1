package dev.spillway.core.reason;

import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ResourceList;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What the pod's policy, or that there is none, says against a place: selection, caps, waiting. */
public sealed interface PolicyReason extends Reason {
    /** The pod names our scheduler, and no policy speaks for it; {@code policies}: the names of its namespace's. */
    record NotSelected(String namespace, List<String> policies) implements PolicyReason {
        private static final int MOST = 5;

        @Override
        public String text() {
            if (policies.isEmpty()) {
                return "namespace %s has no ResourcePolicy, so only real nodes are tried".formatted(namespace);
            }
            int more = policies.size() - MOST;
            var names = String.join(", ", policies.subList(0, Math.min(MOST, policies.size())))
                    + (more > 0 ? " and %d more".formatted(more) : "");
            return "no ResourcePolicy of namespace %s selects the pod (there %s %s), so only real nodes are tried"
                    .formatted(namespace, policies.size() == 1 ? "is" : "are", names);
        }
    }

    /** More than one policy selects the pod (R1.8). */
    record PolicyConflict(List<PolicyKey> policies) implements PolicyReason {
        @Override
        public String text() {
            return "policies %s all select the pod: narrow their selectors so that one does"
                    .formatted(policies.stream().map(PolicyKey::name).collect(Collectors.joining(", ")));
        }
    }

    /** The policy that selects the pod cannot be used. */
    record PolicyInvalid(PolicyKey policy, String problem) implements PolicyReason {
        @Override
        public String text() {
            return "policy %s cannot be used: %s".formatted(policy.name(), Wording.clause(problem));
        }
    }

    /** The policy that spoke for the pod was deleted a moment ago: what belongs to it may be about to go too. */
    record PolicyDeleted(PolicyKey policy, Instant nextTry) implements PolicyReason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "policy %s, which selected the pod, was just deleted; if the pod stays it is placed without it"
                    .formatted(policy.name());
        }
    }

    /** The pod's namespace is being deleted, and the pod with it. */
    record NamespaceTerminating(String namespace) implements PolicyReason {
        @Override
        public String text() {
            return "namespace %s is being deleted".formatted(namespace);
        }
    }

    /** Pods are counted by a label that the pod lacks (E33). */
    record GroupKeyMissing(PolicyKey policy, String key) implements PolicyReason {
        @Override
        public String text() {
            return "policy %s counts pods by the label %s, which the pod lacks".formatted(policy.name(), key);
        }
    }

    /** A unit before it has not answered yet. */
    record NotReached() implements PolicyReason {
        @Override
        public String text() {
            return "not tried before the units above have answered";
        }
    }

    /** The unit has as many pods as it may; {@code group}: of which group of the policy's matchLabelKeys, may be empty. */
    record CapReached(int count, int max, String group) implements PolicyReason {
        @Override
        public String text() {
            return "its cap is reached, %d of %d".formatted(count, max) + (group.isEmpty() ? "" : " of group " + group);
        }

        @Override
        public String kind() {
            return "its cap of %d is reached".formatted(max);
        }
    }

    /** Just after a start the cap of a unit opens when its regions have said what they run, and soon in any case. */
    record CapClosed(List<RegionId> regions) implements PolicyReason {
        @Override
        public String text() {
            return "its cap opens when regions %s have said what they already run, 15 s after the controller's start at the latest"
                    .formatted(Wording.names(regions));
        }
    }

    /** The slots of the policy are being taken over from another process. */
    record CapTakenOver(PolicyKey policy, Instant nextTry) implements PolicyReason {
        @Override
        public String text() {
            return "there is a place in a unit with a cap, and the pod gets it when all that another controller has sent for policy %s has taken effect"
                    .formatted(policy.name());
        }
    }

    /** The unit's pods request as much as they may. */
    record ResourcesCapReached(String resource, long used, long asked, long max) implements PolicyReason {
        @Override
        public String text() {
            return "its cap of %s is reached, %s of %s are used and the pod asks for %s"
                    .formatted(resource, amount(used), amount(max), amount(asked));
        }

        @Override
        public String kind() {
            return "its cap of %s is reached".formatted(resource);
        }

        private String amount(long value) {
            return ResourceList.text(resource, value);
        }
    }

    /** The policy makes the pod wait in the unit up to an instant. */
    record WaitsUntil(Instant nextTry) implements PolicyReason {
        @Override
        public boolean isPodsOwn() {
            return true;
        }

        @Override
        public String text() {
            return "it waits here for a while before the next unit may be used";
        }
    }

    /** The policy makes the pod wait in the unit until there is room. */
    record WaitsForRoom() implements PolicyReason {
        @Override
        public String text() {
            return "it waits here until there is room, since the unit's cap is not reached (ExceedMax)";
        }
    }

    /** The policy makes the pod wait while pods of the unit are terminating. */
    record WaitsForTerminating(int pods) implements PolicyReason {
        @Override
        public String text() {
            return "it waits here while %d pod%s of the unit %s terminating"
                    .formatted(pods, pods == 1 ? "" : "s", pods == 1 ? "is" : "are");
        }

        @Override
        public String kind() {
            return "it waits here for terminating pods";
        }
    }
}
