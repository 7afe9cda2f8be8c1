package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.core.model.Refusal;
import dev.spillway.core.port.AcquireAnswer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which namespaces at home keep their Secrets and tokens to themselves. Thread-safe. */
public final class HomeNamespaces {
    /** Label of such a namespace; its value is {@code true}. */
    public static final String SECRETS_STAY = "spillway.dev/secrets-stay";

    private static final int MOST_KNOWN = 10_000;

    private final Duration lately;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    /** So long what was read counts. */
    public HomeNamespaces(Duration lately) {
        this.lately = lately;
    }

    private record Seen(boolean secretsStay, long atNanos) {}

    /** Why a pod of the namespace that needs a Secret or a token cannot run in a region; null where it can. */
    public @Nullable AcquireAnswer problem(Calls home, String namespace) {
        var last = seen.get(namespace);
        if (last != null && System.nanoTime() - last.atNanos < lately.toNanos()) {
            return answer(namespace, last.secretsStay);
        }
        var reply = home.get(Paths.namespace(namespace));
        return switch (reply) {
            case Reply.Done(JsonNode object) -> {
                boolean stay = object.path("metadata")
                        .path("labels")
                        .path(SECRETS_STAY)
                        .asText()
                        .equals("true");
                if (seen.size() < MOST_KNOWN || seen.containsKey(namespace)) {
                    seen.put(namespace, new Seen(stay, System.nanoTime()));
                }
                yield answer(namespace, stay);
            }
            case Reply.No no
            when no.isNotFound() -> new AcquireAnswer.Refused(new Refusal.Invalid("the pod's namespace is gone"));
            case Reply.No _, Reply.Silent _ ->
                Negative.atHome("the home cluster did not say whether the namespace's Secrets may leave it", reply);
        };
    }

    private static @Nullable AcquireAnswer answer(String namespace, boolean stay) {
        return stay
                ? new AcquireAnswer.Refused(new Refusal.Invalid(
                        ("namespace %s keeps its Secrets and tokens (label %s): in another cluster run pods that name no Secret and have"
                                        + " automountServiceAccountToken: false, or take the label off.")
                                .formatted(namespace, SECRETS_STAY)))
                : null;
    }
}
