package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Tags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Asks the home API server for tokens as a kubelet does: each is good for as long as its pod is there, and for its time at most. Stateless. */
final class TokenRequests {
    // A kubelet's own: renewed when a fifth of its time is left, and each day.
    private static final double RENEWED_AFTER = 0.8;
    private static final Duration LONGEST = Duration.ofHours(24);

    private final InstantSource clock;

    TokenRequests(InstantSource clock) {
        this.clock = clock;
    }

    /** What came of it. */
    sealed interface Issued {
        /**
         * All of them.
         *
         * @param data of the Secret; never shown
         * @param dueAt when they are to be renewed
         */
        record Done(ObjectNode data, Instant dueAt) implements Issued {
            @Override
            public String toString() {
                return "Done until " + dueAt;
            }
        }

        /** Not all of them. */
        record Failed(AcquireAnswer answer) implements Issued {}
    }

    /** Asks for all tokens of a home pod. */
    Issued issue(Calls home, Tags tags, AccountTokens tokens) {
        var data = JsonNodeFactory.instance.objectNode();
        var asked = clock.instant();
        var dueAt = asked.plus(LONGEST);
        Map<AccountTokens.Source, String> had = new HashMap<>();
        for (int i = 0; i < tokens.sources().size(); i++) {
            var source = tokens.sources().get(i);
            var token = had.get(source);
            if (token == null) {
                var reply = home.post(path(tags, tokens), request(tags, source));
                token = reply instanceof Reply.Done(JsonNode issued)
                        ? issued.at("/status/token").asText()
                        : "";
                if (token.isEmpty()) {
                    return new Issued.Failed(failure(reply, tokens));
                }
                had.put(source, token);
                var due = asked.plus(untilDue(reply, source));
                dueAt = due.isBefore(dueAt) ? due : dueAt;
            }
            data.put(AccountTokens.key(i), Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
        }
        return new Issued.Done(data, dueAt);
    }

    /** The server may give it another time than was asked for. */
    private static Duration untilDue(Reply reply, AccountTokens.Source source) {
        long seconds = reply instanceof Reply.Done(JsonNode issued)
                ? issued.at("/spec/expirationSeconds").asLong(source.seconds())
                : source.seconds();
        return Duration.ofMillis((long) (seconds * 1000 * RENEWED_AFTER));
    }

    private static String path(Tags tags, AccountTokens tokens) {
        return Paths.object(tags.pod().namespace(), "serviceaccounts", tokens.account()) + "/token";
    }

    private static ObjectNode request(Tags tags, AccountTokens.Source source) {
        var request = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", "authentication.k8s.io/v1")
                .put("kind", "TokenRequest");
        var spec = request.putObject("spec").put("expirationSeconds", source.seconds());
        var audiences = spec.putArray("audiences");
        if (!source.audience().isEmpty()) {
            audiences.add(source.audience());
        }
        spec.putObject("boundObjectRef")
                .put("apiVersion", "v1")
                .put("kind", "Pod")
                .put("name", tags.pod().name())
                .put("uid", tags.podUid().value());
        return request;
    }

    private static AcquireAnswer failure(Reply reply, AccountTokens tokens) {
        var account = "serviceaccounts/" + tokens.account();
        if (reply instanceof Reply.No no && no.isForbidden()) {
            return invalid(
                    "the pod mounts a token of %s, which the controller may not ask for: grant it create on serviceaccounts/token (deploy/kubernetes-regions), or give the pod automountServiceAccountToken: false"
                            .formatted(account));
        }
        if (reply instanceof Reply.No no && no.isFinal()) {
            return invalid("the pod mounts a token of %s, and the home cluster gives none: %s"
                    .formatted(account, no.message()));
        }
        return Negative.atHome("the home cluster gave no token of " + account, reply);
    }

    private static AcquireAnswer invalid(String why) {
        return new AcquireAnswer.Refused(new Refusal.Invalid(why));
    }
}
