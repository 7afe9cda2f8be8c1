package dev.spillway.kube.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.Pod;
import dev.spillway.core.model.PodUid;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.port.PodListAnswer;
import dev.spillway.core.port.ReserveAnswer;
import dev.spillway.core.port.Reserved;
import dev.spillway.core.port.WriteAnswer;
import dev.spillway.core.step.Event;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reserved slots in a policy's status: read, compared, and replaced under the version that was read, so that two processes never
 * both succeed. Other changes of the object in between are no reason to give up.
 */
final class ReserveRequests {
    private static final int PAGE = 500;

    private ReserveRequests() {}

    static Exchange<ReserveAnswer> reserve(PolicyKey policy, @Nullable Reserved expected, Reserved desired) {
        return Revision.of(
                Kind.RESOURCE_POLICIES.path(policy.namespace(), policy.name()),
                "/status",
                object -> judge(read(object.path("status").path("reserved")), expected, desired),
                ReserveRequests::answer);
    }

    private static Revision.Next<ReserveAnswer> judge(Reserved actual, @Nullable Reserved expected, Reserved desired) {
        if (actual.equals(desired)) {
            return new Revision.Next.Answer<>(new ReserveAnswer.Done());
        }
        return actual.equals(expected)
                ? new Revision.Next.Write<>(patch(desired))
                : new Revision.Next.Answer<>(new ReserveAnswer.Found(actual));
    }

    private static ObjectNode patch(Reserved desired) {
        var patch = Json.object();
        var reserved = patch.putObject("status").putObject("reserved").put("holder", desired.holder());
        var slots = reserved.putArray("slots");
        for (var slot : desired.slots()) {
            slots.addObject().put("pod", slot.pod().value()).put("unit", slot.unit());
        }
        return patch;
    }

    private static Reserved read(JsonNode reserved) {
        var slots = new ArrayList<Reserved.Slot>();
        for (var slot : reserved.path("slots")) {
            slots.add(new Reserved.Slot(
                    new PodUid(slot.path("pod").asText()), slot.path("unit").asInt()));
        }
        return new Reserved(reserved.path("holder").asText(), slots);
    }

    private static ReserveAnswer answer(WriteAnswer answer) {
        return switch (answer) {
            case WriteAnswer.Done() -> new ReserveAnswer.Done();
            case WriteAnswer.Gone() -> new ReserveAnswer.Gone();
            case WriteAnswer.Conflict(String message) -> new ReserveAnswer.Unknown(message);
            case WriteAnswer.Refused(int code, String message) -> new ReserveAnswer.Unknown(code + " " + message);
            case WriteAnswer.Unknown(String why) -> new ReserveAnswer.Unknown(why);
        };
    }

    static Exchange<PodListAnswer> listPods(String namespace) {
        return page("/api/v1/namespaces/" + ApiRequest.segment(namespace) + "/pods?limit=" + PAGE, "", List.of());
    }

    private static Exchange<PodListAnswer> page(String path, String next, List<Pod> before) {
        var request = next.isEmpty() ? path : path + "&continue=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        return new Exchange.Ask<>(ApiRequest.get(request), response -> {
            if (response.code() != 200) {
                return Exchange.told(new PodListAnswer.Unknown("the API server answered " + response.code()));
            }
            try {
                var list = Json.parse(response.body());
                var pods = new ArrayList<>(before);
                for (var item : list.path("items")) {
                    if (Decoder.decode(Kind.PODS, item).seen() instanceof Event.PodSeen(Pod pod)) {
                        pods.add(pod);
                    }
                }
                var rest = list.path("metadata").path("continue").asText();
                return rest.isEmpty() ? Exchange.told(new PodListAnswer.Complete(pods)) : page(path, rest, pods);
            } catch (IOException e) {
                return Exchange.told(
                        new PodListAnswer.Unknown("The API server's list cannot be read: " + Quoted.problem(e)));
            }
        });
    }
}
