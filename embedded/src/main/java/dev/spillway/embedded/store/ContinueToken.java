package dev.spillway.embedded.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.GoSyntax;
import dev.spillway.embedded.api.StrictJson;
import dev.spillway.embedded.api.Target;
import dev.spillway.embedded.tree.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a list that comes in pages goes on.
 *
 * <p>Rules: apiserver {@code pkg/storage/continue.go}.
 *
 * @param version of the state that is listed; negative for the newest, whatever that is
 * @param start the key from which on, beginning with a slash; in a namespace without the namespace
 */
record ContinueToken(long version, String start) {

    private static final String FORMAT = "meta.k8s.io/v1";

    private static final Pattern NOT_BASE64 = Pattern.compile("[^A-Za-z0-9_-]");

    /** No name contains it, so that a key with it behind is the first that can follow. */
    private static final String NEXT = "\0";

    /** The token for what follows an object. */
    static ContinueToken after(ObjectNode object, Target target, long version) {
        String name = object.path("metadata").path("name").asText() + NEXT;
        String namespace = Trees.text(object, "metadata", "namespace");
        return new ContinueToken(
                version, target.namespace() == null && namespace != null ? "/" + namespace + "/" + name : "/" + name);
    }

    /** The token for the rest of the newest state, which may not go with what was listed before. */
    ContinueToken inconsistent() {
        return new ContinueToken(-1, start);
    }

    /** The key from which on objects are listed. */
    ObjectKey key(Target target) {
        String path = start.substring(1);
        int slash = path.indexOf('/');
        if (target.namespace() != null || !target.type().isNamespaced() || slash < 0) {
            return ObjectKey.of(target.namespace(), path);
        }
        return new ObjectKey(path.substring(0, slash), path.substring(slash + 1));
    }

    /** As it is given to a client. */
    String text() {
        ObjectNode content = Trees.object().put("v", FORMAT).put("rv", version).put("start", start);
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(content.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads what a client gives back.
     *
     * @throws Failure 400 where it is none of ours
     */
    static ContinueToken parse(String text) {
        JsonNode content = content(text);
        String format = content.path("v").asText();
        if (!format.equals(FORMAT)) {
            throw invalid("server does not recognize this encoded version " + format);
        }
        long version = content.path("rv").asLong();
        if (version == 0) {
            throw invalid("incorrect encoded start resourceVersion (version %s)".formatted(FORMAT));
        }
        String start = content.path("start").asText();
        if (start.isEmpty()) {
            throw invalid("encoded start key empty (version %s)".formatted(FORMAT));
        }
        String key = start.startsWith("/") ? start : "/" + start;
        if (List.of(key.substring(1).split("/", -1)).stream().anyMatch(List.of("", ".", "..")::contains)) {
            throw invalid(start);
        }
        return new ContinueToken(version, key);
    }

    private static JsonNode content(String text) {
        Matcher odd = NOT_BASE64.matcher(text);
        if (odd.find()) {
            throw invalid("illegal base64 data at input byte " + odd.start());
        }
        String json;
        try {
            // A byte is a character in what is said of it, as it is in the original.
            json = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException cutOff) {
            throw invalid("illegal base64 data at input byte " + text.length());
        }
        try {
            return StrictJson.read(json).tree();
        } catch (IOException malformed) {
            throw invalid(GoSyntax.wrong(json));
        }
    }

    private static Failure invalid(String why) {
        return Failure.badRequest("invalid continue token: continue key is not valid: " + why);
    }
}
