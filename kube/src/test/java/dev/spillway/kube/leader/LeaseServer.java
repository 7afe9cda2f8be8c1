package dev.spillway.kube.leader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One Lease with compare-and-set, and faults on request. */
final class LeaseServer implements Sender {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private @Nullable ObjectNode lease;
    private long version;
    boolean silent; // answers nothing, does nothing
    boolean losesAnswers; // does it, answers nothing
    boolean hollow; // answers every request with success and nothing, does nothing
    boolean hollowWrites; // the same for writes alone

    @Override
    public synchronized ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        if (silent) {
            throw new IOException("no route");
        }
        if (hollow || (hollowWrites && request.isMutating())) {
            return ApiResponse.of(200, "");
        }
        var response = answer(request);
        if (losesAnswers && request.isMutating()) {
            throw new IOException("reset");
        }
        return response;
    }

    synchronized String holder() {
        return lease == null ? "" : lease.at("/spec/holderIdentity").asText();
    }

    synchronized String text(String pointer) {
        return lease == null ? "" : lease.at(pointer).asText();
    }

    /** As another process would renew it, with its own idea of the time. */
    synchronized void renewedBy(String identity, String renewTime) {
        var changed = MAPPER.createObjectNode();
        changed.putObject("metadata").put("name", "spillway");
        changed.putObject("spec")
                .put("holderIdentity", identity)
                .put("leaseDurationSeconds", 15)
                .put("renewTime", renewTime);
        store(changed);
    }

    private ApiResponse answer(ApiRequest request) throws JsonProcessingException {
        var present = lease;
        if (request.method().equals("GET")) {
            return present == null ? ApiResponse.of(404, "{}") : ApiResponse.of(200, present.toString());
        }
        var desired = (ObjectNode) MAPPER.readTree(request.body());
        if (request.method().equals("POST")) {
            return present == null ? store(desired) : ApiResponse.of(409, "{\"reason\":\"AlreadyExists\"}");
        }
        boolean current = present != null
                && desired.at("/metadata/resourceVersion").equals(present.at("/metadata/resourceVersion"));
        return current ? store(desired) : ApiResponse.of(409, "{\"reason\":\"Conflict\"}");
    }

    private ApiResponse store(ObjectNode changed) {
        version++;
        changed.withObject("/metadata").put("resourceVersion", Long.toString(version));
        lease = changed;
        return ApiResponse.of(200, changed.toString());
    }
}
