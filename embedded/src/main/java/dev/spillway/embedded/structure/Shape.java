package dev.spillway.embedded.structure;

import java.util.Map;

/** What a JSON value of a Go type looks like. Immutable once {@link Shapes} has read it. */
sealed interface Shape {

    /**
     * A struct.
     *
     * @param name as errors name it: {@code DeploymentSpec}
     * @param fields by JSON name; filled while the schemas are read, since types may refer to themselves
     */
    record Struct(String name, Map<String, Field> fields) implements Shape {}

    /**
     * A field of a struct.
     *
     * @param way its name as errors name it: with the name of the embedded struct it comes from, where it does
     * @param goType as errors name it: {@code int32}, {@code []v1.Container}
     */
    record Field(String way, String goType, Shape shape) {}

    /** A slice. */
    record Items(String goType, Shape shape) implements Shape {}

    /** A map whose keys are strings. */
    record Entries(String goType, Shape shape) implements Shape {}

    /** A string. */
    record Text() implements Shape {}

    /** An integer of so many bits. */
    record Whole(int bits) implements Shape {}

    /** A float64. */
    record Real() implements Shape {}

    /** A bool. */
    record Truth() implements Shape {}

    /** A slice of bytes, in base64. */
    record Bytes() implements Shape {}

    /** A value that reads itself from its JSON. */
    record Own(OwnFormat format) implements Shape {}

    /** Anything. */
    record Free() implements Shape {}
}
