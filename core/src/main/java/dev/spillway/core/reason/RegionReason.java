package dev.spillway.core.reason;

import dev.spillway.core.model.Closure;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.ZoneId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What regions, declared or asked, say against a place. */
public sealed interface RegionReason extends Reason {
    /** No declared region has this id. */
    record UnknownRegion(String region, List<RegionId> known) implements RegionReason {
        @Override
        public String text() {
            return "region '%s' does not exist, declared are %s".formatted(region, Wording.names(known));
        }
    }

    /** The pod names no region and none is the default. */
    record NoDefaultRegion() implements RegionReason {
        @Override
        public String text() {
            return "the pod names no region and no Region has spec.default true";
        }
    }

    /** Nothing that exists has the unit's labels. */
    record NoZone() implements RegionReason {
        @Override
        public String text() {
            return "no zone has the labels of its nodeSelector";
        }
    }

    /** The Region object cannot be used. */
    record RegionNotAccepted(RegionId region, String problem) implements RegionReason {
        @Override
        public String text() {
            return "region %s is not accepted: %s".formatted(region, problem);
        }
    }

    /** An operator declared the region lost. */
    record RegionLost(RegionId region) implements RegionReason {
        @Override
        public String text() {
            return "region %s is declared lost".formatted(region);
        }
    }

    /** The namespace may not use the region. */
    record NotAllowed(RegionId region, String namespace) implements RegionReason {
        @Override
        public String text() {
            return "region %s does not admit namespace %s, see spec.allowedNamespaces".formatted(region, namespace);
        }
    }

    /** The backend has not been opened yet. */
    record NotConnected(RegionId region) implements RegionReason {
        @Override
        public String text() {
            return "the connection to region %s is not open yet".formatted(region);
        }
    }

    /** The Region object does not list the offer. */
    record NotDeclared(ZoneId zone, String product) implements RegionReason {
        @Override
        public String text() {
            return "zone %s does not declare %s among its offers".formatted(zone, product);
        }
    }

    /** Regions have to be listed after a start before older pods may be placed. */
    record TakingOver(List<RegionId> regions) implements RegionReason {
        @Override
        public String text() {
            return "the controller has just started and must first hear what regions %s already run"
                    .formatted(Wording.names(regions));
        }

        @Override
        public String kind() {
            return "taking over";
        }
    }

    /** Requests in flight will tell. */
    record Asking(ZoneId zone, String product) implements RegionReason {
        @Override
        public String text() {
            return "requests for %s in zone %s are in flight".formatted(product, zone);
        }
    }

    /** The region has been asked for the pod and takes its time. */
    record Asked(RegionId region, ZoneId zone, String product, Instant since) implements RegionReason {
        @Override
        public String text() {
            return "region %s was asked for %s in zone %s at %s and has not answered yet"
                    .formatted(region, product, zone, Reason.second(since));
        }

        @Override
        public String kind() {
            return "asked region %s".formatted(region);
        }
    }

    /** An answer was lost: the pod stays with that region. */
    record AnswerLost(RegionId region, Instant asked, String why) implements RegionReason {
        @Override
        public String text() {
            return "region %s was asked at %s and gave no usable answer (%s), the pod stays with it until that is known, or until the Region is declared lost"
                    .formatted(region, Reason.second(asked), why);
        }

        @Override
        public String kind() {
            return "answer of %s lost".formatted(region);
        }
    }

    /** An offer or region is closed. */
    record Closed(
            ZoneId zone,
            RegionId region,
            String product,
            Closure why,
            @Nullable Instant nextTry,
            String message) implements RegionReason {
        @Override
        public String text() {
            return kind()
                    + (nextTry == null ? ", being asked again now" : "")
                    + (message.isEmpty() ? "" : " (" + Wording.clause(message) + ")");
        }

        @Override
        public String kind() {
            return switch (why) {
                case SOLD_OUT -> "%s is sold out in zone %s".formatted(product, zone);
                case NOT_OFFERED -> "zone %s does not sell %s".formatted(zone, product);
                case QUOTA -> "the quota for %s in zone %s is reached".formatted(product, zone);
                case THROTTLED -> "region %s throttles requests".formatted(region);
                case UNAUTHORISED -> "region %s does not accept the credentials".formatted(region);
                case UNAVAILABLE -> "region %s takes no requests now".formatted(region);
                case SILENT -> "region %s gave no usable answer".formatted(region);
            };
        }
    }

    /** Why a region is not asked for this one pod until some time, while it may be for others. */
    sealed interface OfRequest extends RegionReason {
        RegionId region();

        @Override
        Instant nextTry();

        @Override
        default boolean isPodsOwn() {
            return true;
        }
    }

    /** The region refused this pod's request as invalid. */
    record RequestInvalid(RegionId region, String message, Instant nextTry) implements OfRequest {
        @Override
        public String text() {
            return "region %s refuses the pod (%s)".formatted(region, message);
        }
    }

    /**
     * What the pod needs in the region could not be had for now.
     *
     * @param tries in a row that ended so
     */
    record Unprepared(RegionId region, String message, int tries, Instant nextTry) implements OfRequest {
        @Override
        public String text() {
            return "region %s was not asked, since what the pod needs there could not be had (%s)"
                    .formatted(region, message);
        }

        @Override
        public String kind() {
            return "not prepared for region %s".formatted(region);
        }
    }

    /** The instance is there but the pod cannot be bound. */
    record BindFailing(RegionId region, String why) implements RegionReason {
        @Override
        public String text() {
            return "an instance is held in region %s but the pod cannot be bound (%s)".formatted(region, why);
        }
    }
}
