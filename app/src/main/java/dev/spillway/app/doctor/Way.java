package dev.spillway.app.doctor;

import dev.spillway.app.cluster.Cluster;
import dev.spillway.app.cluster.ClusterException;
import dev.spillway.kube.translate.Answers;
import dev.spillway.kube.translate.ApiResponse;

/**
 * What the answer to a node's {@code /proxy/healthz} says of the way from the API server to the kubelet API. What the API server says itself is a {@code
 * Status}; whatever else comes was passed on from where the node's address leads.
 */
sealed interface Way {
    /** The kubelet API answered. */
    record Open() implements Way {}

    /** It did not, or does not let the API server in: there would be no log either. */
    record Blocked(String why, String remedy) implements Way {}

    /** The API server did not try. */
    record Unknown(String why, String remedy) implements Way {}

    /** By the response of the API server about a node of that name. */
    static Way of(ApiResponse response, String node) {
        if (response.isSuccess()) {
            return new Open();
        }
        int code = response.code();
        if (!isStatus(response) && code < 500) {
            return passedOn(
                    code,
                    "what listens there answered %d: %s"
                            .formatted(code, response.body().strip()));
        }
        var why = Answers.describe(response);
        return switch (code) {
            case 401, 403 ->
                new Unknown(
                        "this user may not ask (%s)".formatted(why),
                        "grant get on nodes/proxy, or run doctor as somebody who has it");
            case 404 ->
                new Unknown(
                        "the API server does not know Node %s any more".formatted(node),
                        "run doctor again; where the Node stays away, see the lines about the controller and the Region");
            default ->
                code >= 500
                        ? new Blocked(
                                why,
                                "let it through (firewall), or tell the controller its address with --kubelet-address and"
                                        + " --kubelet-port")
                        : new Unknown(why, "run doctor again; then look at the API server's log");
        };
    }

    private static Way passedOn(int code, String why) {
        return switch (code) {
            case 401 ->
                new Blocked(
                        why,
                        "the controller has to know who signs the API server's client certificate: grant it"
                                + " extension-apiserver-authentication-reader in kube-system, or name a file with --kubelet-client-ca");
            case 403 ->
                new Blocked(
                        why,
                        "grant the user of the API server's client certificate ClusterRole system:kubelet-api-admin");
            default ->
                new Blocked(
                        why,
                        "something else than the controller listens there: tell the controller another address with"
                                + " --kubelet-address and --kubelet-port");
        };
    }

    private static boolean isStatus(ApiResponse response) {
        try {
            return Cluster.json(response).path("kind").asText().equals("Status");
        } catch (ClusterException e) {
            return false; // plain text
        }
    }
}
