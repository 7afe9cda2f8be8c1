package dev.spillway.embedded.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Objects as JSON text, so that two hundred watches that are shown the same object serialise it once.
 *
 * <p>Holds the most recently used ones up to a number of bytes. By identity: frozen objects do not change, and every version of an
 * object is an object of its own. Thread-safe.
 */
final class SharedBytes {

    /** Some eight thousand pods of 4 KB: the state of a large demo. Chosen. */
    static final long STANDARD_BYTES = 32L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An object as itself, whatever it contains. */
    private record Identity(ObjectNode object) {
        @Override
        @SuppressWarnings("ReferenceEquality") // the very object is meant: comparing content costs more than writing it
        public boolean equals(@Nullable Object other) {
            return other instanceof Identity(ObjectNode its) && its == object;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(object);
        }
    }

    private final long mostBytes;
    private final Map<Identity, byte[]> byObject = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;
    private long serialised;

    SharedBytes(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** The text of a frozen object; not to be changed. */
    synchronized byte[] of(ObjectNode frozen) {
        Identity identity = new Identity(frozen);
        byte[] known = byObject.get(identity);
        if (known != null) {
            return known;
        }
        byte[] text = write(frozen);
        serialised++;
        byObject.put(identity, text);
        bytes += text.length;
        Iterator<byte[]> oldest = byObject.values().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
            bytes -= oldest.next().length;
            oldest.remove();
        }
        return text;
    }

    /** How often an object was serialised. */
    synchronized long serialised() {
        return serialised;
    }

    /** Any tree as text. */
    static byte[] write(ObjectNode tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A tree of JSON values could not be written.", impossible);
        }
    }
}
