package dev.spillway.recording.codec;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes values of one type as JSON and reads them back equal. How, follows from the type:
 *
 * <ul>
 *   <li>a record is an object with one field for each component, in their order, {@code null} where there is nothing; one whose only
 *       component is called {@code value} is that component;
 *   <li>a choice of a sealed interface is an object with one field, the choice's simple name: {@code {"PodGone": {...}}};
 *   <li>labels, amounts of resources and maps are objects, lists and sets are arrays in the order that they have;
 *   <li>enum constants, instants and durations are texts.
 * </ul>
 *
 * <p>User and password in a URL become {@code ***}, in whichever text they stand. Thread-safe.
 */
public final class Codec<T> {
    // Lists of a region's instances are long, so no bound but the reader's memory; a lone surrogate survives only when
    // escaped.
    static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Class<T> type;
    private final Form form;

    private Codec(Class<T> type, Form form) {
        this.type = type;
        this.form = form;
    }

    /**
     * The codec of a type. What the type is made of is looked at when the first value is met.
     *
     * @throws IllegalArgumentException where the type has no form; writing and reading throw it where a part of it has none
     */
    public static <T> Codec<T> of(Class<T> type) {
        return new Codec<>(type, new Forms().of(type, type.getSimpleName()));
    }

    /** Writes one value, without a line's end; the stream stays open. */
    public void write(T value, OutputStream out) throws IOException {
        try (JsonGenerator generator = JSON.createGenerator(out)) {
            form.write(generator, value);
        }
    }

    /**
     * Reads one value, which is all that the text may hold.
     *
     * @throws UnreadableException where it is something else: not JSON, an unknown or missing field, a value that its type does not take
     */
    public T read(byte[] text, int offset, int length) throws UnreadableException {
        try (var parser = JSON.createParser(text, offset, length)) {
            if (parser.nextToken() == null) {
                throw new UnreadableException("nothing is there");
            }
            var value = type.cast(form.read(parser));
            if (parser.nextToken() != null) {
                throw UnreadableException.at(parser, "something follows the value");
            }
            return value;
        } catch (UnreadableException e) {
            throw e;
        } catch (IOException e) {
            throw new UnreadableException("not JSON: " + firstLine(e), e);
        }
    }

    /** The same of a whole array. */
    public T read(byte[] text) throws UnreadableException {
        return read(text, 0, text.length);
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
