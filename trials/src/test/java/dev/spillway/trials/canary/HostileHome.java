package dev.spillway.trials.canary;

import dev.spillway.clusterregion.Gateway;
import dev.spillway.clusterregion.SecretsPlay;
import dev.spillway.trials.canary.Evidence.Channel;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The home cluster's API server as one that quotes credentials; and with Secrets, tokens and reviews, which the embedded cluster does not have. */
final class HostileHome implements Gateway.Script {
    private final Evidence evidence;
    private final SecretsPlay secrets;

    HostileHome(Evidence evidence, SecretsPlay secrets) {
        this.evidence = evidence;
        this.secrets = secrets;
    }

    @Override
    public Gateway.@Nullable Answer on(Gateway.Call call) {
        var agent = String.valueOf(call.exchange().getRequestHeaders().getFirst("User-Agent"));
        if (agent.equals("test")) {
            return secrets.on(call);
        }
        evidence.add(Channel.URL, call.path());
        boolean isReview = call.path().endsWith("/tokenreviews");
        if (!call.method().equals("GET") && !isReview) {
            evidence.add(Channel.WRITTEN_AT_HOME, call.path() + "\n" + call.body());
        }
        if (isReview) {
            return review(call);
        }
        if (call.path().endsWith("/subjectaccessreviews")) {
            return Quoting.ok("{\"kind\": \"SubjectAccessReview\", \"status\": {\"allowed\": true}}");
        }
        if (call.path().endsWith("/token")) {
            var issued = Clusters.json(call.body());
            issued.putObject("status").put("token", Canary.ACCOUNT_TOKEN.value());
            return new Gateway.Answer(201, Map.of("Content-Type", "application/json"), issued.toString());
        }
        return call.path().contains("/namespaces/p-403/events") ? Quoting.answer(403, call) : secrets.on(call);
    }

    private static Gateway.Answer review(Gateway.Call call) {
        if (!call.body().contains(Canary.CLIENT_TOKEN.value())) {
            return Quoting.answer(500, call);
        }
        return Quoting.ok("""
            {"kind": "TokenReview", "status": {"authenticated": true, "user": {"username": "kube-apiserver", "groups": []}}}
            """);
    }
}
