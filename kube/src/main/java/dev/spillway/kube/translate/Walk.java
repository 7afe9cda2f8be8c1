package dev.spillway.kube.translate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.spillway.core.model.Labels;
import java.io.IOException;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Walks a JSON stream without building a tree. Every method starts with the parser on the first token of a value and
 * leaves it on the value's last token; a value of another form than expected is skipped and reads as empty.
 */
final class Walk {
    private Walk() {}

    /** What to do with one field; the parser stands on the first token of its value. */
    @FunctionalInterface
    interface Field {
        void read(String name) throws IOException;
    }

    /** What to do with one element of a list. */
    @FunctionalInterface
    interface Element {
        void read() throws IOException;
    }

    static void object(JsonParser parser, Field field) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        String name;
        while ((name = parser.nextFieldName()) != null) {
            parser.nextToken();
            field.read(name);
        }
    }

    static void list(JsonParser parser, Element element) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == null) {
                throw new IOException("The API server's answer ended in the middle of a list.");
            }
            element.read();
        }
    }

    static String text(JsonParser parser) throws IOException {
        var token = parser.currentToken();
        if (token != null && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }

    static boolean flag(JsonParser parser) throws IOException {
        boolean value = parser.currentToken() == JsonToken.VALUE_TRUE;
        parser.skipChildren();
        return value;
    }

    /** Whether there is anything but null; the value is skipped. */
    static boolean isPresent(JsonParser parser) throws IOException {
        boolean present = parser.currentToken() != JsonToken.VALUE_NULL;
        parser.skipChildren();
        return present;
    }

    static int number(JsonParser parser, int otherwise) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            long value = parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    ? Long.MAX_VALUE
                    : parser.getLongValue();
            return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        parser.skipChildren();
        return otherwise;
    }

    /** Pairs of texts, only those whose key is wanted. Pods of one template share their texts, hence interned. */
    static Labels pairs(JsonParser parser, Predicate<String> wanted) throws IOException {
        var map = new TreeMap<String, String>();
        object(parser, key -> {
            if (wanted.test(key)) {
                map.put(key.intern(), text(parser).intern());
            } else {
                parser.skipChildren();
            }
        });
        return Labels.of(map);
    }
}
