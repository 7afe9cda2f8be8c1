package dev.spillway.embedded.protobuf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one message, by their numbers, from {@code messages.txt}, which says how it is written.
 *
 * @param fields by number
 */
record Message(Map<Integer, Field> fields) {

    /** How the fields of an object that is part of another without a name of its own are called. */
    static final String INLINE = "+";

    /**
     * One field.
     *
     * @param name as JSON has it
     * @param type a letter, or @ and the name of a message; after * for each list and % for each map
     * @param keepsZero whether JSON has it when it says nothing
     */
    record Field(String name, String type, boolean keepsZero) {}

    /** All there are, by name; read when the first body comes. */
    private static final class Known {
        private static final Map<String, Message> BY_NAME = readAll();
    }

    /** A message; null where it is not known. */
    static @Nullable Message of(String name) {
        return Known.BY_NAME.get(name);
    }

    private static Map<String, Message> readAll() {
        Map<String, Message> messages = new HashMap<>();
        try (InputStream stream = Message.class.getResourceAsStream("messages.txt")) {
            if (stream == null) {
                throw new IllegalStateException("The resource (messages.txt) is missing in the build.");
            }
            new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        String[] words = line.split(" ", -1);
                        messages.put(words[0], new Message(fields(words)));
                    });
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        return messages;
    }

    private static Map<Integer, Field> fields(String[] words) {
        Map<Integer, Field> fields = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] parts = words[i].split(":", -1);
            if (parts.length == 3) {
                boolean keepsZero = parts[2].endsWith("!");
                String type = keepsZero ? parts[2].substring(0, parts[2].length() - 1) : parts[2];
                fields.put(Integer.valueOf(parts[0]), new Field(parts[1], type, keepsZero));
            }
        }
        return fields;
    }
}
