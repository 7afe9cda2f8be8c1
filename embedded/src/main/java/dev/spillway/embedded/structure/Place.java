package dev.spillway.embedded.structure;

import org.jspecify.annotations.Nullable;

/**
 * Where in an object a value is.
 *
 * @param parent the value it is in; null for the whole
 * @param step from there, as the paths of unknown fields write it
 * @param way from there, as errors of Go's package json write it; empty for elements and keys, which they leave out
 * @param owner the struct whose field it is, or is in
 * @param goType of the value
 */
record Place(@Nullable Place parent, String step, String way, String owner, String goType) {

    static final Place ROOT = new Place(null, "", "", "", "");

    boolean isRoot() {
        return parent == null;
    }

    Place field(Shape.Struct struct, String name, Shape.Field field) {
        return new Place(this, isRoot() ? name : "." + name, field.way(), struct.name(), field.goType());
    }

    Place inside(String innerStep, String innerType) {
        return new Place(this, innerStep, "", owner, innerType);
    }

    /** Such as {@code spec.containers[0].image}. */
    String path() {
        return parent == null ? step : parent.path() + step;
    }

    /** Such as {@code spec.containers.image}. */
    String goPath() {
        String before = parent == null ? "" : parent.goPath();
        return before.isEmpty() ? way : way.isEmpty() ? before : before + "." + way;
    }
}
