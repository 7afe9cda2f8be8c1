package dev.spillway.kube.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import dev.spillway.kube.translate.Decoded;
import dev.spillway.kube.translate.Decoder;
import dev.spillway.kube.translate.Kind;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One object of a list or a watch.
 *
 * @param version its resourceVersion as a number
 * @param object the whole object; null for pods, which are not read as trees
 */
public record Item(Decoded decoded, long version, @Nullable JsonNode object) {
    /** Reads the object that the parser stands on. */
    static Item read(Kind kind, JsonParser parser) throws IOException {
        if (kind == Kind.PODS) {
            return of(Decoder.decode(kind, parser), null);
        }
        return of(kind, Decoder.tree(parser));
    }

    /** Reads an object that is a tree already. */
    static Item of(Kind kind, JsonNode object) throws IOException {
        return of(Decoder.decode(kind, object), kind == Kind.PODS ? null : object);
    }

    private static Item of(Decoded decoded, @Nullable JsonNode object) throws IOException {
        return new Item(decoded, version(decoded.version()), object);
    }

    static long version(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException(
                    "The API server sent the resourceVersion \"%s\", which is no number.".formatted(text), e);
        }
    }
}
