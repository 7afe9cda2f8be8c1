package dev.spillway.regions.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Container;
import dev.spillway.core.model.InstanceId;
import dev.spillway.core.model.Offer;
import dev.spillway.core.model.PodKey;
import dev.spillway.core.model.PodSpec;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.RegionId;
import dev.spillway.core.model.Resources;
import dev.spillway.core.model.Token;
import dev.spillway.core.model.ZoneId;
import dev.spillway.core.port.AcquireRequest;
import dev.spillway.core.port.ContainerReport;
import dev.spillway.core.port.Instance;
import dev.spillway.core.port.Tags;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests and instances as JSON and back. What is written and read again is equal. */
public final class RegionsWire {
    /** Most characters of an id, name or other word. */
    public static final int WORD = 253;

    private static final int MESSAGE = 1024;
    private static final int IMAGE = 4096;
    private static final int MOST_CONTAINERS = 256;
    private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F.:]{2,45}");

    private RegionsWire() {}

    /** A request as the body of an acquire call. */
    public static ObjectNode write(AcquireRequest request) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("token", request.token().value());
        json.set("tags", write(request.tags()));
        json.set("resources", write(request.resources()));
        ArrayNode containers = json.putArray("containers");
        for (Container container : request.containers()) {
            containers
                    .addObject()
                    .put("name", container.name())
                    .put("image", container.image())
                    .put("role", container.role().name());
        }
        json.put("restartPolicy", request.restartPolicy().name());
        return json;
    }

    /** Reads the body of an acquire call. */
    public static AcquireRequest readRequest(JsonFields json) {
        json.only("token", "tags", "resources", "containers", "restartPolicy");
        List<Container> containers = json.objects("containers", MOST_CONTAINERS).stream()
                .map(container -> new Container(
                        container.text("name", WORD), container.text("image", IMAGE), readRole(container)))
                .toList();
        return new AcquireRequest(
                readToken(json, "token"),
                readTags(json.object("tags")),
                readResources(json.object("resources")),
                containers,
                word(PodSpec.RestartPolicy.class, json, "restartPolicy"));
    }

    private static Container.Role readRole(JsonFields container) {
        return container.has("role") ? word(Container.Role.class, container, "role") : Container.Role.MAIN;
    }

    /** An instance with the token that created it. */
    public static ObjectNode write(Instance instance, @Nullable Token token) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", instance.id().value());
        if (token != null) {
            json.put("token", token.value());
        }
        json.set("tags", write(instance.tags()));
        json.put("state", instance.state().name());
        json.put("observation", instance.observation());
        json.put("ip", instance.ip());
        json.put("hostIp", instance.hostIp());
        json.put("startedAt", Objects.toString(instance.startedAt(), null));
        json.put("finishedAt", Objects.toString(instance.finishedAt(), null));
        json.put("exitCode", instance.exitCode());
        json.put("reason", instance.reason());
        json.put("message", instance.message());
        ArrayNode containers = json.putArray("containers");
        for (ContainerReport report : instance.containers()) {
            containers
                    .addObject()
                    .put("name", report.name())
                    .put("startedAt", Objects.toString(report.startedAt(), null))
                    .put("finishedAt", Objects.toString(report.finishedAt(), null))
                    .put("exitCode", report.exitCode())
                    .put("reason", report.reason());
        }
        return json;
    }

    /** Reads an instance. Fields that are not known are ignored, so that a newer region can add some. */
    public static Instance readInstance(JsonFields json) {
        return new Instance(
                readInstanceId(json, "id"),
                readTags(json.object("tags")),
                word(Instance.State.class, json, "state"),
                json.integer("observation", 0, Long.MAX_VALUE),
                readAddress(json, "ip"),
                readAddress(json, "hostIp"),
                readInstant(json, "startedAt"),
                readInstant(json, "finishedAt"),
                (int) json.integer("exitCode", Integer.MIN_VALUE, Integer.MAX_VALUE, 0),
                orEmpty(json.optionalText("reason", WORD)),
                readMessage(json, "message"),
                json.has("containers") ? readReports(json) : List.of());
    }

    private static List<ContainerReport> readReports(JsonFields json) {
        return json.objects("containers", MOST_CONTAINERS).stream()
                .map(report -> new ContainerReport(
                        report.text("name", WORD),
                        readInstant(report, "startedAt"),
                        readInstant(report, "finishedAt"),
                        (int) report.integer("exitCode", Integer.MIN_VALUE, Integer.MAX_VALUE, 0),
                        orEmpty(report.optionalText("reason", WORD))))
                .toList();
    }

    /** Whether a region could have given out this id; a name in a pod is of such characters too. */
    public static boolean isInstanceId(String id) {
        return id.length() <= WORD && INSTANCE_ID.matcher(id).matches();
    }

    /** Reads the id of an instance. */
    public static InstanceId readInstanceId(JsonFields json, String field) {
        String id = json.text(field, WORD);
        if (!isInstanceId(id)) {
            throw new MalformedException("%s is not an instance id.".formatted(json.path(field)));
        }
        return new InstanceId(id);
    }

    /** Reads a text for people, on one line; empty where there is none, cut where it is long. */
    public static String readMessage(JsonFields json, String field) {
        String text = orEmpty(json.optionalText(field, Integer.MAX_VALUE));
        String line = CONTROL.matcher(text).replaceAll(" ");
        return line.length() <= MESSAGE ? line : line.substring(0, MESSAGE);
    }

    /** Resources. */
    public static ObjectNode write(Resources resources) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cpuMillis", resources.cpuMillis())
                .put("memoryBytes", resources.memoryBytes())
                .put("gpus", resources.gpus());
    }

    /** Reads resources. */
    public static Resources readResources(JsonFields json) {
        return new Resources(
                json.integer("cpuMillis", 0, Long.MAX_VALUE),
                json.integer("memoryBytes", 0, Long.MAX_VALUE),
                json.integer("gpus", 0, Long.MAX_VALUE));
    }

    /** Reads a token. */
    public static Token readToken(JsonFields json, String field) {
        String token = json.text(field, 64);
        if (!TOKEN.matcher(token).matches()) {
            throw new MalformedException("%s must be 64 hexadecimal digits in lower case.".formatted(json.path(field)));
        }
        return new Token(token);
    }

    private static ObjectNode write(Tags tags) {
        Offer offer = tags.offer();
        return JsonNodeFactory.instance
                .objectNode()
                .put("cluster", tags.clusterId())
                .put("podUid", tags.podUid().value())
                .put("namespace", tags.pod().namespace())
                .put("pod", tags.pod().name())
                .put("region", offer.region().value())
                .put("zone", offer.zone().value())
                .put("computeClass", offer.computeClass())
                .put("computeQos", offer.computeQos())
                .put("gpuModel", offer.gpuModel())
                .put("spot", offer.spot())
                .put("policy", tags.policy())
                .put("generation", tags.generation())
                .put("unit", tags.unit())
                .put("incarnation", tags.incarnation());
    }

    private static Tags readTags(JsonFields json) {
        Offer offer = new Offer(
                new RegionId(json.text("region", WORD)),
                new ZoneId(json.text("zone", WORD)),
                json.text("computeClass", WORD),
                json.text("computeQos", WORD),
                orEmpty(json.optionalText("gpuModel", WORD)),
                Boolean.TRUE.equals(json.optionalFlag("spot")));
        return new Tags(
                json.text("cluster", WORD),
                new PodUid(json.text("podUid", WORD)),
                new PodKey(json.text("namespace", WORD), json.text("pod", WORD)),
                offer,
                orEmpty(json.optionalText("policy", WORD)),
                json.integer("generation", 0, Long.MAX_VALUE),
                (int) json.integer("unit", 0, Integer.MAX_VALUE),
                (int) json.integer("incarnation", 0, Integer.MAX_VALUE));
    }

    private static <E extends Enum<E>> E word(Class<E> words, JsonFields json, String field) {
        String word = json.text(field, WORD);
        for (E one : words.getEnumConstants()) {
            if (one.name().equals(word)) {
                return one;
            }
        }
        throw new MalformedException(
                "%s must be one of %s.".formatted(json.path(field), List.of(words.getEnumConstants())));
    }

    private static @Nullable String readAddress(JsonFields json, String field) {
        String address = json.optionalText(field, 45);
        if (address != null && !ADDRESS.matcher(address).matches()) {
            throw new MalformedException("%s is not an IP address.".formatted(json.path(field)));
        }
        return address;
    }

    private static @Nullable Instant readInstant(JsonFields json, String field) {
        String time = json.optionalText(field, 64);
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeException malformed) {
            throw new MalformedException(
                    "%s must be an instant such as 2026-01-01T00:00:00Z.".formatted(json.path(field)), malformed);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
