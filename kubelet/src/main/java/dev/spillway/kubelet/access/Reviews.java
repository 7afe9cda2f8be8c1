package dev.spillway.kubelet.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.core.model.NodeName;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** TokenReview (authentication.k8s.io/v1) and SubjectAccessReview (authorization.k8s.io/v1): requests, and what their answers say. Pure. */
final class Reviews {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Reviews() {}

    static ApiRequest ofToken(String token) {
        var review = review("authentication.k8s.io/v1", "TokenReview");
        review.putObject("spec").put("token", token);
        return post("/apis/authentication.k8s.io/v1/tokenreviews", review);
    }

    static Authentication user(ApiResponse response) {
        var status = MAPPER.missingNode();
        if (response.isSuccess()) {
            status = parse(response.body()).path("status");
        }
        if (!status.isObject()) {
            // Whoever does not take a token may quote it.
            return new Authentication.Unknown("the home cluster answered a TokenReview with HTTP " + response.code());
        }
        var name = status.path("user").path("username").asText();
        if (!status.path("authenticated").asBoolean() || name.isEmpty()) {
            return new Authentication.Anonymous();
        }
        var user = status.path("user");
        Map<String, List<String>> extra = new TreeMap<>();
        user.path("extra").forEachEntry((key, values) -> extra.put(key, strings(values)));
        return new Authentication.Known(
                new User(name, user.path("uid").asText(), strings(user.path("groups")), extra).authenticated());
    }

    static ApiRequest ofAccess(User user, NodeAccess access, String subresource) {
        var review = review("authorization.k8s.io/v1", "SubjectAccessReview");
        var spec = review.putObject("spec");
        var attributes = spec.putObject("resourceAttributes")
                .put("verb", access.verb())
                .put("version", "v1")
                .put("resource", "nodes")
                .put("subresource", subresource);
        access.node().map(NodeName::value).ifPresent(node -> attributes.put("name", node));
        spec.put("user", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        user.groups().forEach(spec.putArray("groups")::add);
        var extra = spec.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        return post("/apis/authorization.k8s.io/v1/subjectaccessreviews", review);
    }

    static Verdict verdict(ApiResponse response) {
        var allowed =
                response.isSuccess() ? parse(response.body()).path("status").path("allowed") : MAPPER.missingNode();
        if (!allowed.isBoolean()) {
            return new Verdict.Unknown("the home cluster answered a SubjectAccessReview with " + told(response));
        }
        return allowed.booleanValue() ? new Verdict.Allowed() : new Verdict.Denied();
    }

    private static String told(ApiResponse response) {
        var message = parse(response.body()).path("message").asText();
        return message.isEmpty() ? "HTTP " + response.code() : "HTTP %d: %s".formatted(response.code(), message);
    }

    private static List<String> strings(JsonNode array) {
        var strings = new ArrayList<String>();
        array.forEach(value -> strings.add(value.asText()));
        return strings;
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static ObjectNode review(String version, String kind) {
        return JsonNodeFactory.instance.objectNode().put("apiVersion", version).put("kind", kind);
    }

    private static ApiRequest post(String path, ObjectNode body) {
        return new ApiRequest("POST", path, "application/json", body.toString());
    }
}
