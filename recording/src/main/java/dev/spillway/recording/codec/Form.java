package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** How values of one type look in JSON; never of null. Thread-safe. */
interface Form {
    void write(JsonGenerator out, Object value) throws IOException;

    /** Reads the value whose first token is the parser's present one, which afterwards is its last one. */
    Object read(JsonParser in) throws IOException;

    /** That the present token is this one. */
    static void expect(JsonParser in, JsonToken token, String what) throws UnreadableException {
        if (!in.hasToken(token)) {
            throw UnreadableException.at(in, "should be " + what + ", but is " + found(in));
        }
    }

    private static String found(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case null, default -> "no value";
        };
    }
}
