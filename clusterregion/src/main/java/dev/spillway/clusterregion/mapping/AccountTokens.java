package dev.spillway.clusterregion.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of its service account that a pod mounts. In the region they come from one Secret, which holds each under a key of its own. Immutable.
 *
 * @param account name of the service account, in the pod's namespace
 * @param sources one for each file that a token is mounted as, in the order of the pod's volumes
 */
public record AccountTokens(String account, List<Source> sources) {
    private static final String FIELD = "serviceAccountToken";
    private static final long DEFAULT_SECONDS = 3600; // the API server writes it, so this is never used

    /**
     * What is asked of a token.
     *
     * @param audience whom it is for; empty: the API server
     * @param seconds that it shall be good for
     */
    public record Source(String audience, long seconds) {}

    public AccountTokens {
        sources = List.copyOf(sources);
    }

    /**
     * Those of a pod of the home cluster.
     *
     * @param home as its API server has it, which is trusted; the region's pod would not be
     */
    public static AccountTokens of(JsonNode home) {
        var found = new ArrayList<Source>();
        for (var source : projected(home.path("spec"))) {
            var token = source.path(FIELD);
            if (token.isObject()) {
                found.add(new Source(
                        token.path("audience").asText(),
                        token.path("expirationSeconds").asLong(DEFAULT_SECONDS)));
            }
        }
        return new AccountTokens(home.at("/spec/serviceAccountName").asText("default"), found);
    }

    /** Under which key the Secret has the token of a source. */
    public static String key(int index) {
        return "token-" + index;
    }

    /** Whether a pod of the region mounts the Secret that holds tokens of its home pod's. */
    public static boolean areIn(JsonNode pod) {
        var secret = Naming.tokens(pod.at("/metadata/name").asText());
        return projected(pod.path("spec")).stream()
                .anyMatch(source -> source.at("/secret/name").asText().equals(secret));
    }

    /** Has tokens mounted from a Secret; whether there was one. Paths stay. */
    static boolean rewrite(ObjectNode spec, String secret) {
        int index = 0;
        for (var source : projected(spec)) {
            if (source.remove(FIELD) instanceof ObjectNode token) {
                source.putObject("secret")
                        .put("name", secret)
                        .putArray("items")
                        .addObject()
                        .put("key", key(index))
                        .put("path", token.path("path").asText());
                index++;
            }
        }
        return index > 0;
    }

    private static List<ObjectNode> projected(JsonNode spec) {
        var sources = new ArrayList<ObjectNode>();
        for (var volume : spec.path("volumes")) {
            sources.addAll(Trees.objects(volume.at("/projected/sources")));
        }
        return sources;
    }
}
