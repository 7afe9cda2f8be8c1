package dev.spillway.clusterregion.call;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests one by one within a deadline, and reads answers by the object that they must contain. Answers are untrusted: a page of some proxy
 * is no answer, whatever its code. For one thread at a time.
 */
public final class Calls {
    private static final String JSON = "application/json";
    private static final String STRATEGIC_MERGE_PATCH = "application/strategic-merge-patch+json";
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final int LONGEST_TEXT = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Sender sender;
    private final Deadline deadline;
    private @Nullable Reply last;

    public Calls(Sender sender, Deadline deadline) {
        this.sender = sender;
        this.deadline = deadline;
    }

    /** Up to when these calls may take. */
    public Deadline deadline() {
        return deadline;
    }

    /** Calls for a step that begins now, where {@link Deadline#inSteps the deadline} has steps. */
    public Calls step() {
        return new Calls(sender, deadline.step());
    }

    /** What came of the last request, for whoever has to know more than the answer tells that was made of it; null before the first. */
    public @Nullable Reply last() {
        return last;
    }

    /** Reads an object. */
    public Reply get(String path) {
        return send(ApiRequest.get(path), MissingNode.getInstance());
    }

    /** Creates an object. */
    public Reply post(String path, JsonNode object) {
        return send(new ApiRequest("POST", path, JSON, object.toString()), object);
    }

    /** Replaces an object. */
    public Reply put(String path, JsonNode object) {
        return send(new ApiRequest("PUT", path, JSON, object.toString()), object);
    }

    /** Merges into an object, or into a subresource of one, by the rules of its type: lists of containers by their names. */
    public Reply patchByType(String path, JsonNode patch) {
        return send(new ApiRequest("PATCH", path, STRATEGIC_MERGE_PATCH, patch.toString()), patch);
    }

    /** Changes an object by a merge patch (RFC 7386). */
    public Reply patch(String path, JsonNode change) {
        return send(new ApiRequest("PATCH", path, MERGE_PATCH, change.toString()), change);
    }

    /** Deletes an object. */
    public Reply delete(String path, JsonNode options) {
        return send(new ApiRequest("DELETE", path, JSON, options.toString()), options);
    }

    /** The server's words may quote what was sent. */
    private Reply send(ApiRequest request, JsonNode sent) {
        var reply = reply(request, sent);
        last = reply;
        return reply;
    }

    private Reply reply(ApiRequest request, JsonNode sent) {
        if (deadline.isOver()) {
            return new Reply.Silent("the deadline has passed", true);
        }
        try {
            return read(sender.send(request, deadline.left()), sent);
        } catch (IOException e) {
            return new Reply.Silent(reason(e), isUndelivered(e));
        }
    }

    /** What a response means that was had another way. */
    public static Reply read(ApiResponse response) {
        return read(response, MissingNode.getInstance());
    }

    private static Reply read(ApiResponse response, JsonNode sent) {
        var body = parse(response.body());
        var kind = body.path("kind").textValue();
        if (response.isSuccess()) {
            return kind == null
                    ? new Reply.Silent("its answer was not an object of the Kubernetes API", false)
                    : new Reply.Done(body);
        }
        int code = response.code();
        boolean isStatus = "Status".equals(kind);
        // Servers that have too many calls say so before they know what the call is about, in plain text.
        if (!isStatus && code != 429 && code != 503) {
            return new Reply.Silent("it answered %d, and not as an API server does".formatted(code), false);
        }
        return new Reply.No(
                code,
                isStatus ? body.path("reason").asText() : "",
                isStatus ? message(code, body, sent) : "",
                seconds(response.retryAfter()),
                isStatus ? body : MissingNode.getInstance());
    }

    /** Whoever does not accept a token may quote it, and has nothing else to say. */
    private static String message(int code, JsonNode status, JsonNode sent) {
        return code == 401 ? "" : line(Redaction.of(sent, status.path("message").asText()));
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static long seconds(String header) {
        try {
            return header.isEmpty() ? 0 : Math.clamp(Long.parseLong(header), 0, 3600);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static String line(String text) {
        var line = CONTROL.matcher(text).replaceAll(" ");
        return line.length() <= LONGEST_TEXT ? line : line.substring(0, LONGEST_TEXT) + "...";
    }

    /** One line that says why there was no answer. */
    public static String reason(Throwable thrown) {
        if (thrown instanceof JacksonException) {
            return "what it sent is not JSON"; // of which the exception shows some
        }
        var certificate = CertificateProblem.of(thrown);
        return certificate == null ? innermost(thrown) : line(certificate);
    }

    private static String innermost(Throwable thrown) {
        var innermost = thrown;
        for (var cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            innermost = cause;
        }
        var message = innermost.getMessage();
        return message == null || message.isBlank() ? innermost.getClass().getSimpleName() : line(message.strip());
    }

    /** These come of connecting alone; whoever does not take the server's certificate has not sent anything to it. */
    private static boolean isUndelivered(IOException thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException
                    || cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }
}
