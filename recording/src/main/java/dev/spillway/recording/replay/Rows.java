package dev.spillway.recording.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.core.step.Effect;
import dev.spillway.recording.codec.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** An effect as rows: the path of each field, and its value. */
final class Rows {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Codec<Effect> EFFECTS = Codec.of(Effect.class);

    private Rows() {}

    /** In the order of the fields. The kind of the effect is no part of a path. */
    static Map<String, String> of(Effect effect) {
        var json = new ByteArrayOutputStream();
        var rows = new LinkedHashMap<String, String>();
        try {
            EFFECTS.write(effect, json);
            try (var parser = JSON.createParser(json.toByteArray())) {
                parser.nextToken();
                parser.nextToken(); // the kind
                parser.nextToken();
                add("", parser, rows);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static void add(String path, JsonParser parser, Map<String, String> rows) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> {
                boolean empty = true;
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    empty = false;
                    var name = parser.currentName();
                    parser.nextToken();
                    add(path.isEmpty() ? name : path + "." + name, parser, rows);
                }
                if (empty) {
                    rows.put(path, "{}");
                }
            }
            case START_ARRAY -> {
                int index = 0;
                for (; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                    add(path + "[" + index + "]", parser, rows);
                }
                if (index == 0) {
                    rows.put(path, "[]");
                }
            }
            case null, default -> rows.put(path, parser.getText());
        }
    }
}
