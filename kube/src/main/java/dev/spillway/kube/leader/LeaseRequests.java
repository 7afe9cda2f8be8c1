package dev.spillway.kube.leader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.leader.Elector.LeaseName;
import dev.spillway.kube.translate.Answers;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import dev.spillway.kube.translate.Timestamps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** The requests of an election. Each write names the version it changes. */
final class LeaseRequests {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private LeaseRequests() {}

    static ApiResponse get(Sender sender, LeaseName name, Duration deadline) throws IOException {
        return sender.send(ApiRequest.get(collection(name) + "/" + name.name()), deadline);
    }

    /** A lease, missing where there is none; {@link IOException} for any other answer. */
    static JsonNode read(Sender sender, LeaseName name, Duration deadline) throws IOException {
        var response = get(sender, name, deadline);
        if (response.code() == 404) {
            return MissingNode.getInstance();
        }
        if (!response.isSuccess()) {
            throw new IOException("Lease %s cannot be read. %s".formatted(name, Answers.describe(response)));
        }
        var lease = parse(response);
        if (!isLease(lease, name)) {
            throw new IOException("Lease %s cannot be read: the answer is no Lease.".formatted(name));
        }
        return lease;
    }

    static ApiResponse create(
            Sender sender, LeaseName name, String identity, Instant wallNow, Duration duration, Duration deadline)
            throws IOException {
        var lease = MAPPER.createObjectNode()
                .put("apiVersion", "coordination.k8s.io/v1")
                .put("kind", "Lease");
        lease.putObject("metadata").put("namespace", name.namespace()).put("name", name.name());
        lease.set("spec", spec(identity, duration, wallNow, wallNow, 0));
        return sender.send(new ApiRequest("POST", collection(name), "application/json", lease.toString()), deadline);
    }

    /** Renews a lease that is ours, or takes one that nobody holds any more. */
    static ApiResponse take(
            Sender sender,
            LeaseName name,
            JsonNode lease,
            String identity,
            Instant wallNow,
            Duration duration,
            Duration deadline)
            throws IOException {
        boolean ours = holder(lease).equals(identity);
        var before = lease.path("spec");
        int transitions = before.path("leaseTransitions").asInt() + (ours ? 0 : 1);
        var spec = spec(identity, duration, wallNow, wallNow, transitions);
        if (ours && before.has("acquireTime")) {
            spec.set("acquireTime", before.get("acquireTime"));
        }
        return replace(sender, name, lease, spec, deadline);
    }

    static ApiResponse release(Sender sender, LeaseName name, JsonNode lease, Instant wallNow, Duration deadline)
            throws IOException {
        int transitions = lease.path("spec").path("leaseTransitions").asInt();
        return replace(sender, name, lease, spec("", Duration.ofSeconds(1), wallNow, wallNow, transitions), deadline);
    }

    static JsonNode parse(ApiResponse response) {
        try {
            return MAPPER.readTree(response.body());
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** Whether an answer is the lease asked for, with a version. */
    static boolean isLease(JsonNode answer, LeaseName name) {
        return answer.path("metadata").path("name").asText().equals(name.name())
                && !version(answer).isEmpty();
    }

    static String holder(JsonNode lease) {
        return lease.path("spec").path("holderIdentity").asText("");
    }

    static String version(JsonNode lease) {
        return lease.path("metadata").path("resourceVersion").asText();
    }

    static Duration duration(JsonNode lease) {
        return Duration.ofSeconds(
                lease.path("spec").path("leaseDurationSeconds").asLong(Elector.LEASE.toSeconds()));
    }

    private static ApiResponse replace(
            Sender sender, LeaseName name, JsonNode lease, ObjectNode spec, Duration deadline) throws IOException {
        ObjectNode changed = lease.deepCopy();
        changed.set("spec", spec);
        return sender.send(
                new ApiRequest("PUT", collection(name) + "/" + name.name(), "application/json", changed.toString()),
                deadline);
    }

    private static ObjectNode spec(
            String identity, Duration duration, Instant acquired, Instant renewed, int transitions) {
        return MAPPER.createObjectNode()
                .put("holderIdentity", identity)
                .put("leaseDurationSeconds", (int) duration.toSeconds())
                .put("acquireTime", Timestamps.micros(acquired))
                .put("renewTime", Timestamps.micros(renewed))
                .put("leaseTransitions", transitions);
    }

    private static String collection(LeaseName name) {
        return "/apis/coordination.k8s.io/v1/namespaces/%s/leases".formatted(name.namespace());
    }
}
