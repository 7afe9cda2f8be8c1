package dev.spillway.clusterregion;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.util.ArrayList;
import java.util.List;

/** Service accounts of a played home cluster: each token is another one. */
final class HomeAccounts {
    private final List<ApiRequest> requests = new ArrayList<>();
    private boolean isForbidden;

    boolean isAbout(ApiRequest request) {
        return request.path().endsWith("/token");
    }

    synchronized ApiResponse send(ApiRequest request) {
        if (isForbidden) {
            return ApiResponse.of(403, """
                {"kind": "Status", "code": 403, "reason": "Forbidden", "message": "serviceaccounts \\"default\\" is forbidden: User \\"x\\" cannot create resource \\"serviceaccounts/token\\" in API group \\"\\""}
                """);
        }
        requests.add(request);
        var answer = HomePlay.object(request.body());
        answer.putObject("status").put("token", "token " + requests.size());
        return ApiResponse.of(201, answer.toString());
    }

    synchronized void forbid() {
        isForbidden = true;
    }

    /** What was asked for, in order. */
    synchronized List<JsonNode> asked() {
        return requests.stream()
                .map(request -> (JsonNode) HomePlay.object(request.body()).put("path", request.path()))
                .toList();
    }

    /** How many tokens were asked for that are bound to a pod. */
    synchronized long askedFor(String pod) {
        return asked().stream()
                .filter(one -> one.at("/spec/boundObjectRef/name").asText().equals(pod))
                .count();
    }
}
