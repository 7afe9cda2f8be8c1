package dev.spillway.clusterregion.surroundings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.clusterregion.call.Calls;
import dev.spillway.clusterregion.call.Negative;
import dev.spillway.clusterregion.call.Pages;
import dev.spillway.clusterregion.call.Paths;
import dev.spillway.clusterregion.call.Reply;
import dev.spillway.clusterregion.mapping.AccountTokens;
import dev.spillway.clusterregion.mapping.HomeWord;
import dev.spillway.clusterregion.mapping.Keys;
import dev.spillway.clusterregion.mapping.Naming;
import dev.spillway.clusterregion.mapping.PodId;
import dev.spillway.core.port.AcquireAnswer;
import dev.spillway.core.port.Tags;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Whoever rules the region can write a pod there that claims to run some pod of the home cluster. So what a pod may have is read from the home pod
 * alone, and it is renewed only where the home pod says itself that it runs there, as that very pod. A token ends with its home pod in any case.
 */

/**
 * Tokens of the home cluster for pods in the region, in one Secret for each: there before the pod is made, renewed while it runs, deleted when it
 * is gone. Tokens are never kept, logged or named in a message. Thread-safe.
 */
public final class HomeTokens {
    private final String clusterId;
    private final InstantSource clock;
    private final TokenRequests requests;
    private final Needed<Key, TokenSecret> secrets;
    private boolean isAdopted; // of the one thread that tends them

    /**
     * None yet.
     *
     * @param unneeded so long a Secret stays without its pod: another process may just be about to make that
     */
    public HomeTokens(String clusterId, InstantSource clock, Duration unneeded) {
        this.clusterId = clusterId;
        this.clock = clock;
        this.requests = new TokenRequests(clock);
        this.secrets = new Needed<>(unneeded, key -> new TokenSecret(clusterId, key.namespace(), key.secret()));
    }

    private record Key(String namespace, String secret) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int order = namespace.compareTo(other.namespace);
            return order != 0 ? order : secret.compareTo(other.secret);
        }
    }

    /**
     * What a pod that is about to be made mounts.
     *
     * @param namespace in the region
     * @param pod its name there
     */
    public record Need(Tags tags, AccountTokens tokens, String namespace, String pod) {}

    /** A pod of the region that mounts tokens, and whose it says it is. */
    public record Holder(PodId pod, Tags tags) {}

    /**
     * Sees to a pod's tokens and then makes it.
     *
     * @param make makes the pod once they are there
     */
    public AcquireAnswer with(Calls home, Calls region, Need need, Supplier<AcquireAnswer> make) {
        if (need.tokens().sources().isEmpty()) {
            return make.get();
        }
        var secret = secrets.pin(new Key(need.namespace(), Naming.tokens(need.pod())));
        try {
            var problem = secret.ensure(
                    clock.instant(),
                    home.deadline(),
                    region,
                    need.tags(),
                    null,
                    () -> requests.issue(home, need.tags(), need.tokens()));
            return problem != null ? problem : make.get();
        } finally {
            secrets.unpin(secret);
        }
    }

    /**
     * Deletes Secrets without a pod; nothing that cannot be renewed or read keeps another one there. For one thread, the same as {@link #tend}.
     *
     * @param holders all that are known in the region
     * @return why something could not be done, null where all was
     */
    public @Nullable String sweep(Calls region, List<Holder> holders) {
        var why = isAdopted ? null : adopt(region);
        long now = System.nanoTime();
        holders.forEach(holder -> secrets.mark(key(holder), now));
        for (var entry : secrets.unneeded(now)) {
            var secret = entry.getValue();
            if (secret.remove(region.step(), () -> secrets.isNeededAgain(secret, now))) {
                secrets.forget(entry.getKey(), secret, now);
            } else {
                why = "tokens of a pod that is gone could not be deleted";
            }
        }
        return why;
    }

    /**
     * Renews tokens that are due. For one thread.
     *
     * @param holders all that are known in the region
     * @return why something could not be done, null where all was
     */
    public @Nullable String tend(Calls home, Calls region, List<Holder> holders) {
        String why = null;
        for (var holder : holders) {
            var secret = secrets.get(key(holder));
            if (secret.isDue(clock.instant()) && renew(home.step(), region.step(), holder, secret) != null) {
                why = "tokens of pod %s could not be renewed"
                        .formatted(holder.tags().pod());
            }
        }
        return why;
    }

    private @Nullable AcquireAnswer renew(Calls home, Calls region, Holder holder, TokenSecret secret) {
        secret.tried();
        var tags = holder.tags();
        var reply = home.get(Paths.pod(tags.pod().namespace(), tags.pod().name()));
        return switch (reply) {
            case Reply.Done(JsonNode pod) -> {
                var tokens = AccountTokens.of(pod);
                yield HomeWord.saysItRunsAs(pod, tags, holder.pod())
                                && !tokens.sources().isEmpty()
                        ? secret.ensure(
                                clock.instant(),
                                home.deadline(),
                                region,
                                tags,
                                holder.pod(),
                                () -> requests.issue(home, tags, tokens))
                        : null;
            }
            case Reply.No no when no.isNotFound() -> null;
            case Reply.No _, Reply.Silent _ -> Negative.atHome("the home cluster gave no pod", reply);
        };
    }

    /** What was in this namespace of the region may be gone; returns at once. */
    void doubt(String namespace) {
        secrets.those(key -> key.namespace().equals(namespace)).forEach(TokenSecret::doubt);
    }

    /** What an earlier process left in the region; why it could not be listed, or null. */
    private @Nullable String adopt(Calls region) {
        var selector = "%s=%s,%s".formatted(Keys.CLUSTER, clusterId, Keys.POD_UID);
        var outcome = Pages.read(region, Paths.all("secrets", selector), "Secret", object -> {
            var key = new Key(
                    object.at("/metadata/namespace").asText(),
                    object.at("/metadata/name").asText());
            if (TokenSecret.isOurs(object, clusterId)) {
                secrets.get(key).adopt(object, clock.instant());
            }
        });
        if (outcome instanceof Pages.Outcome.Failed(Reply reply)) {
            return "the tokens in the region could not be listed: " + reply.why();
        }
        isAdopted = true;
        return null;
    }

    private static Key key(Holder holder) {
        return new Key(holder.pod().namespace(), Naming.tokens(holder.pod().name()));
    }
}
