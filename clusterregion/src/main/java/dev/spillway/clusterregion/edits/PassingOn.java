package dev.spillway.clusterregion.edits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Deadline;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.EditMapping;
import dev.spillway.clusterregion.mapping.Edits;
import dev.spillway.clusterregion.mapping.HomeWord;
import dev.spillway.clusterregion.mapping.Ownership;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.clusterregion.pods.RegionPods;
import dev.spillway.clusterregion.surroundings.Copies;
import dev.spillway.clusterregion.surroundings.Surroundings;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.kube.http.Sender;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes a pod of the region what the pod at home is now: reads both, and sends what differs. Thread-safe, one pod at a time. */
final class PassingOn {
    /** Somebody has to grant a right first. */
    static final Duration UNTIL_GRANTED = Duration.ofMinutes(5);

    private static final String STRICT = "?fieldValidation=Strict"; // as when the pod was made

    private final Sender region;
    private final Sender home;
    private final Duration deadline;
    private final EditMapping mapping;
    private final RegionPods pods;
    private final Surroundings surroundings;
    private final HomeEvents events;

    PassingOn(
            Sender region,
            Sender home,
            Duration deadline,
            EditMapping mapping,
            RegionPods pods,
            Surroundings surroundings,
            HomeEvents events) {
        this.region = region;
        this.home = home;
        this.deadline = deadline;
        this.mapping = mapping;
        this.pods = pods;
        this.surroundings = surroundings;
        this.events = events;
    }

    Outcome passOn(PodId id) {
        var until = Deadline.in(deadline);
        var regionCalls = new Calls(region, until);
        return switch (regionCalls.get(Paths.pod(id.namespace(), id.name()))) {
            case Reply.Done(JsonNode there) -> {
                var found = PodId.of(there).orElse(null);
                if (found == null) {
                    yield new Outcome.Later("it answered with another object");
                }
                var known = found.equals(id) ? pods.seen(there).orElse(null) : null;
                yield known == null || known.isDeleting()
                        ? new Outcome.Gone()
                        : follow(there, id, known.ownership(), new Calls(home, until), regionCalls);
            }
            case Reply.No no when no.isNotFound() -> new Outcome.Gone();
            case Reply.No no -> later(no);
            case Reply.Silent silent -> new Outcome.Later(silent.why());
        };
    }

    private Outcome follow(JsonNode there, PodId id, Ownership ownership, Calls homeCalls, Calls regionCalls) {
        var tags = ownership.tags();
        return switch (homeCalls.get(
                Paths.pod(tags.pod().namespace(), tags.pod().name()))) {
            case Reply.Done(JsonNode pod) -> {
                var metadata = pod.path("metadata");
                boolean isGone = !HomeWord.saysItRunsAs(pod, tags, id) || metadata.hasNonNull("deletionTimestamp");
                yield isGone
                        ? new Outcome.Gone()
                        : new Pass(id, ownership, homeCalls, regionCalls).run(mapping.edits(pod, there, ownership));
            }
            case Reply.No no when no.isNotFound() -> new Outcome.Gone();
            case Reply.No no -> new Outcome.Later("the home cluster gave no pod: " + no.why());
            case Reply.Silent silent -> new Outcome.Later("the home cluster gave no pod: " + silent.why());
        };
    }

    /** Credentials that are not accepted are read anew, and may be good a moment later; a right is not. */
    private static Outcome later(Reply.No no) {
        return no.isForbidden()
                ? new Outcome.Later(no.why(), UNTIL_GRANTED)
                : new Outcome.Later(no.why(), Duration.ofSeconds(no.retryAfterSeconds()));
    }

    /** One pod, once: stops at the first thing that has to be tried again. */
    private final class Pass {
        private final PodId id;
        private final Ownership ownership;
        private final Calls homeCalls;
        private final Calls regionCalls;
        private @Nullable Outcome stop;

        Pass(PodId id, Ownership ownership, Calls homeCalls, Calls regionCalls) {
            this.id = id;
            this.ownership = ownership;
            this.homeCalls = homeCalls;
            this.regionCalls = regionCalls;
        }

        /** What somebody asked for goes first: the last request says that everything was passed on. */
        Outcome run(Edits edits) {
            edits.unfit().forEach(this::refuse);
            edits.added().forEach(this::add);
            boolean isResized = send("resize", STRICT, edits.resize());
            boolean isSpecTaken = send("", STRICT, edits.spec());
            var _ = send("", "", edits.metadata(isSpecTaken, isResized));
            return stop == null ? new Outcome.Settled() : stop;
        }

        private void add(Edits.Added container) {
            if (stop != null) {
                return;
            }
            var homeNamespace = ownership.tags().pod().namespace();
            var need = new Copies.Need(homeNamespace, id.namespace(), container.references());
            boolean _ = surroundings.withCopies(
                    homeCalls,
                    regionCalls,
                    need,
                    () -> send("ephemeralcontainers", STRICT, container.patch()),
                    this::lacks);
        }

        /** A ConfigMap or Secret could not be brought. */
        private boolean lacks(AcquireAnswer why) {
            if (why instanceof AcquireAnswer.Refused(Refusal.Invalid(String text))) {
                refuse(text);
            } else {
                stop = new Outcome.Later("what a container names could not be copied");
            }
            return false;
        }

        /**
         * Sends a patch of the pod, or of a subresource.
         *
         * @param patch null: there is nothing to do
         * @return whether the region has taken it, or there was nothing
         */
        private boolean send(String subresource, String query, @Nullable ObjectNode patch) {
            if (patch == null || stop != null) {
                return patch == null;
            }
            var path = Paths.pod(id.namespace(), id.name()) + (subresource.isEmpty() ? "" : "/" + subresource);
            switch (regionCalls.patchByType(path + query, patch)) {
                case Reply.Done(JsonNode pod) -> {
                    var _ = pods.seen(pod);
                    return true;
                }
                case Reply.Silent silent -> stop = new Outcome.Later(silent.why());
                case Reply.No no when isGone(no) -> stop = new Outcome.Gone();
                case Reply.No no when no.isForbidden() -> ungranted(subresource);
                case Reply.No no when isRefusal(no) -> refuse(what(subresource) + ": " + no.message());
                case Reply.No no -> stop = later(no);
            }
            return false;
        }

        /** An operator is told in the log; a user is, too, who waits for a container or for more memory. */
        private void ungranted(String subresource) {
            var why = "the region does not grant patch on " + what(subresource);
            if (subresource.isEmpty()) {
                stop = new Outcome.Barred(why);
                return;
            }
            refuse(why);
            stop = stop == null ? new Outcome.Later(why, UNTIL_GRANTED) : stop;
        }

        private void refuse(String why) {
            if (!events.tell(ownership.tags(), why)) {
                stop = new Outcome.Later("the home cluster took no event");
            }
        }

        private static String what(String subresource) {
            return subresource.isEmpty() ? "pods" : "pods/" + subresource;
        }

        /** A subresource that the server does not know is not found either; a pod of another UID is told by a field that cannot change. */
        private boolean isGone(Reply.No no) {
            return (no.isNotFound() && no.says(id.name()))
                    || (no.code() == 422 && no.says("metadata.uid: Invalid value"));
        }

        private static boolean isRefusal(Reply.No no) {
            return switch (no.code()) {
                case 400, 403, 404, 405, 413, 415, 422 -> true;
                default -> false;
            };
        }
    }
}
