package dev.spillway.regions.client;

import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Token;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.FindAnswer;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.ListAnswer;
import dev.spillway.core.port.TerminateAnswer;
import dev.spillway.regions.protocol.ErrorCode;
import dev.spillway.regions.protocol.JsonFields;
import dev.spillway.regions.protocol.MalformedException;
import dev.spillway.regions.protocol.RegionsWire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns what became of a request into an answer of the port. A refusal is believed only where status and word agree; whatever
 * cannot be read, or is about something else than was asked, is unknown.
 */
final class RegionAnswers {
    private static final int MOST_INSTANCES = 100_000;
    private static final long MOST_RETRY_AFTER_MILLIS = Duration.ofHours(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(RegionAnswers.class);

    private final RegionId region;
    private final String endpoint;
    private final String clusterId;

    /** {@code endpoint}: whose answers they are, for people. What is said of an answer is one clause that follows the region's name. */
    RegionAnswers(RegionId region, String endpoint, String clusterId) {
        this.region = region;
        this.endpoint = endpoint;
        this.clusterId = clusterId;
    }

    /** Instances that came with the place where to go on. */
    record Batch(String epoch, long observation, List<Instance> instances) {}

    /** What could be read of an answer. */
    sealed interface Reading<T> {
        record Good<T>(T value) implements Reading<T> {}

        record Bad<T>(String why) implements Reading<T> {}
    }

    AcquireAnswer acquire(Exchange exchange, AcquireRequest request) {
        return switch (exchange) {
            case Exchange.NotDelivered(String why) -> new AcquireAnswer.Refused(new Refusal.Unavailable(why));
            case Exchange.NoAnswer(String why) -> new AcquireAnswer.Unknown(why);
            case Exchange.Answered(int status, String body)
            when status == 200 || status == 201 ->
                switch (instance(body, one -> one.tags().equals(request.tags()), request.token())) {
                    case Reading.Good<Instance>(Instance instance) -> new AcquireAnswer.Accepted(instance);
                    case Reading.Bad<Instance>(String why) -> new AcquireAnswer.Unknown(why);
                };
            case Exchange.Answered(int status, String body) -> refused(status, body);
        };
    }

    private AcquireAnswer refused(int status, String body) {
        try {
            JsonFields error = error(body);
            ErrorCode code = code(error, status).orElse(ErrorCode.INTERNAL);
            String message = RegionsWire.readMessage(error, "message");
            return switch (code) {
                case OUT_OF_STOCK -> new AcquireAnswer.Refused(new Refusal.OutOfStock(message));
                case NOT_OFFERED -> new AcquireAnswer.Refused(new Refusal.NotOffered(message));
                case QUOTA_REACHED -> new AcquireAnswer.Refused(new Refusal.QuotaReached(message));
                case UNAUTHORISED -> new AcquireAnswer.Refused(new Refusal.Unauthorised(message));
                case INVALID -> new AcquireAnswer.Refused(new Refusal.Invalid(message));
                case NOT_PROCESSED -> new AcquireAnswer.Refused(new Refusal.Unavailable(message));
                case THROTTLED ->
                    new AcquireAnswer.Refused(new Refusal.Throttled(
                            Duration.ofMillis(error.integer("retryAfterMillis", 0, MOST_RETRY_AFTER_MILLIS, 1000)),
                            message));
                case TOKEN_SPENT -> new AcquireAnswer.Spent(RegionsWire.readInstanceId(error, "instance"));
                case INSTANCE_NOT_FOUND,
                        CONTAINER_NOT_FOUND,
                        CONTAINER_NOT_RUNNING,
                        NOT_SERVED,
                        REGION_NOT_DEFINED,
                        CHANGES_FORGOTTEN,
                        ALREADY_ENDED,
                        INTERNAL -> new AcquireAnswer.Unknown(unexpected(status, body));
            };
        } catch (MalformedException malformed) {
            return new AcquireAnswer.Unknown(unreadable(malformed));
        }
    }

    FindAnswer find(Exchange exchange, Token token) {
        return found(exchange, one -> true, token);
    }

    FindAnswer describe(Exchange exchange, InstanceId id) {
        return found(exchange, one -> one.id().equals(id), null);
    }

    private FindAnswer found(Exchange exchange, Predicate<Instance> asked, @Nullable Token token) {
        return switch (exchange) {
            case Exchange.NotDelivered(String why) -> new FindAnswer.Unknown(why);
            case Exchange.NoAnswer(String why) -> new FindAnswer.Unknown(why);
            case Exchange.Answered(int status, String body)
            when status == 200 ->
                switch (instance(body, asked, token)) {
                    case Reading.Good<Instance>(Instance instance) -> new FindAnswer.Found(instance);
                    case Reading.Bad<Instance>(String why) -> new FindAnswer.Unknown(why);
                };
            case Exchange.Answered(int status, String body) ->
                isError(ErrorCode.INSTANCE_NOT_FOUND, status, body)
                        ? new FindAnswer.NotFound()
                        : new FindAnswer.Unknown(unexpected(status, body));
        };
    }

    TerminateAnswer terminate(Exchange exchange) {
        return switch (exchange) {
            case Exchange.NotDelivered(String why) -> new TerminateAnswer.Unknown(why);
            case Exchange.NoAnswer(String why) -> new TerminateAnswer.Unknown(why);
            case Exchange.Answered(int status, String body) -> {
                try {
                    String state = status == 200 || status == 202
                            ? JsonFields.parse("The answer", body).text("state", RegionsWire.WORD)
                            : "";
                    yield switch (state) {
                        case "GONE" -> new TerminateAnswer.Gone();
                        case "ENDING" -> new TerminateAnswer.Ending();
                        default -> new TerminateAnswer.Unknown(unexpected(status, body));
                    };
                } catch (MalformedException malformed) {
                    yield new TerminateAnswer.Unknown(unreadable(malformed));
                }
            }
        };
    }

    ListAnswer list(Exchange exchange) {
        if (exchange instanceof Exchange.Answered(int status, String body)
                && isError(ErrorCode.THROTTLED, status, body)) {
            return new ListAnswer.Throttled(unexpected(status, body));
        }
        return switch (batch(exchange)) {
            case Reading.Good<Batch>(Batch batch) ->
                new ListAnswer.Complete(batch.instances().stream()
                        .sorted(Comparator.comparing(Instance::id))
                        .toList());
            case Reading.Bad<Batch>(String why) -> new ListAnswer.Unknown(why);
        };
    }

    /** Instances of a list or of changes. One that is not ours or cannot be read spoils them all. */
    Reading<Batch> batch(Exchange exchange) {
        return switch (exchange) {
            case Exchange.NotDelivered(String why) -> new Reading.Bad<>(why);
            case Exchange.NoAnswer(String why) -> new Reading.Bad<>(why);
            case Exchange.Answered(int status, String body) when status == 200 -> batch(body);
            case Exchange.Answered(int status, String body) -> new Reading.Bad<>(unexpected(status, body));
        };
    }

    private Reading<Batch> batch(String body) {
        try {
            JsonFields json = JsonFields.parse("The answer", body);
            if (!json.has("instances")) {
                return new Reading.Bad<>(unlikeARegion("it has no instances, not even an empty list"));
            }
            List<Instance> instances = new ArrayList<>();
            for (JsonFields one : json.objects("instances", MOST_INSTANCES)) {
                Instance instance = RegionsWire.readInstance(one);
                if (!isOurs(instance)) {
                    return new Reading.Bad<>("%s listed an instance of another cluster or region".formatted(endpoint));
                }
                instances.add(instance);
            }
            return new Reading.Good<>(new Batch(
                    json.text("epoch", RegionsWire.WORD), json.integer("observation", 0, Long.MAX_VALUE), instances));
        } catch (MalformedException malformed) {
            return new Reading.Bad<>(unreadable(malformed));
        }
    }

    /** Whether the answer is this error, by status and word. */
    boolean isError(ErrorCode code, int status, String body) {
        try {
            return code(error(body), status).equals(Optional.of(code));
        } catch (MalformedException malformed) {
            return false;
        }
    }

    private Reading<Instance> instance(String body, Predicate<Instance> asked, @Nullable Token token) {
        try {
            JsonFields json = JsonFields.parse("The answer", body);
            Instance instance = RegionsWire.readInstance(json);
            boolean answersToken =
                    token == null || RegionsWire.readToken(json, "token").equals(token);
            return answersToken && isOurs(instance) && asked.test(instance)
                    ? new Reading.Good<>(instance)
                    : new Reading.Bad<>("%s answered about instance %s, which is not the one asked for"
                            .formatted(endpoint, instance.id()));
        } catch (MalformedException malformed) {
            return new Reading.Bad<>(unreadable(malformed));
        }
    }

    private boolean isOurs(Instance instance) {
        return instance.tags().clusterId().equals(clusterId)
                && instance.tags().offer().region().equals(region);
    }

    private static JsonFields error(String body) {
        return JsonFields.parse("The answer", body).object("error");
    }

    private static Optional<ErrorCode> code(JsonFields error, int status) {
        return ErrorCode.of(error.text("code", RegionsWire.WORD), status);
    }

    private String unexpected(int status, String body) {
        String message = "";
        try {
            message = RegionsWire.readMessage(error(body), "message");
        } catch (MalformedException _) {
            // The status is all there is.
        }
        return message.isEmpty()
                ? "%s answered with HTTP status %d, but not as a region does, see spec.backend.endpoint"
                        .formatted(endpoint, status)
                : "%s answered with HTTP status %d, %s".formatted(endpoint, status, message);
    }

    private String unreadable(MalformedException malformed) {
        return unlikeARegion(malformed.getMessage());
    }

    /** For people the clause says what to look at; what was wrong with the text is for the log. */
    private String unlikeARegion(@Nullable String detail) {
        LOG.atWarn()
                .addKeyValue("region", region)
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("why", detail)
                .log("an answer cannot be used");
        return "%s answered, but not as a region does, see spec.backend.endpoint".formatted(endpoint);
    }
}
