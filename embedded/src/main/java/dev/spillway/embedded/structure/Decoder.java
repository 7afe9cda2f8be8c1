package dev.spillway.embedded.structure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.embedded.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one object.
 *
 * <p>Rules: for JSON, sigs.k8s.io/json {@code internal/golang/encoding/json/decode.go}: a value of the wrong type is remembered, and
 * reading goes on; one that reads itself ends it at once. For trees, apimachinery {@code pkg/runtime/converter.go}: the first wrong
 * value ends it.
 */
@SuppressWarnings("ReferenceEquality") // what is unchanged is shared, and need not be compared
final class Decoder {

    private final Structure.Form form;
    private final List<String> unknown = new ArrayList<>();
    private @Nullable String wrong;

    Decoder(Structure.Form form) {
        this.form = form;
    }

    /** The object without unknown fields; itself where it has none. */
    ObjectNode decode(Shape.Struct struct, ObjectNode object) {
        ObjectNode known = fields(struct, object, Place.ROOT);
        if (wrong != null) {
            throw new UndecodableException(wrong);
        }
        return known;
    }

    /** The paths of unknown fields. */
    List<String> unknown() {
        return unknown;
    }

    private JsonNode value(Shape shape, JsonNode value, Place place) {
        if (value.isNull()) {
            return value;
        }
        return switch (shape) {
            case Shape.Struct struct when value instanceof ObjectNode object -> fields(struct, object, place);
            case Shape.Items items when value instanceof ArrayNode array -> elements(items, array, place);
            case Shape.Entries entries when value instanceof ObjectNode object -> entries(entries, object, place);
            case Shape.Own own -> own(own.format(), value, place);
            case Shape.Whole whole when isWhole(value, whole) -> value.isIntegralNumber() ? value : whole(value);
            case Shape.Bytes bytes when value.isTextual() -> bytes(value);
            case Shape.Text text when value.isTextual() -> value;
            case Shape.Real real when value.isNumber() -> value;
            case Shape.Truth truth when value.isBoolean() -> value;
            case Shape.Free free -> value;
            case Shape.Struct _, Shape.Items _, Shape.Entries _ -> refused(shape, value, place);
            case Shape.Whole _, Shape.Bytes _, Shape.Text _, Shape.Real _, Shape.Truth _ ->
                refused(shape, value, place);
        };
    }

    private JsonNode refused(Shape shape, JsonNode value, Place place) {
        refuse(mismatch(shape, value, place));
        return value;
    }

    private ObjectNode fields(Shape.Struct struct, ObjectNode object, Place place) {
        ObjectNode changed = null;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String name = entry.getKey();
            Shape.Field field = struct.fields().get(name);
            if (field == null) {
                unknown.add(place.path() + (place.isRoot() ? "" : ".") + name);
                changed = changed == null ? Trees.thaw(object) : changed;
                changed.remove(name);
                continue;
            }
            JsonNode old = entry.getValue();
            JsonNode read = value(field.shape(), old, place.field(struct, name, field));
            if (read != old) {
                changed = changed == null ? Trees.thaw(object) : changed;
                changed.set(name, read);
            }
        }
        return changed == null ? object : changed;
    }

    private ArrayNode elements(Shape.Items items, ArrayNode array, Place place) {
        ArrayNode changed = null;
        for (int i = 0; i < array.size(); i++) {
            JsonNode read = value(items.shape(), array.get(i), place.inside("[" + i + "]", items.goType()));
            if (read != array.get(i)) {
                changed = changed == null ? Trees.thaw(array) : changed;
                changed.set(i, read);
            }
        }
        return changed == null ? array : changed;
    }

    private ObjectNode entries(Shape.Entries entries, ObjectNode object, Place place) {
        ObjectNode changed = null;
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            JsonNode read = value(
                    entries.shape(),
                    entry.getValue().isNull() ? zero(entries.shape()) : entry.getValue(),
                    place.inside("." + entry.getKey(), entries.goType()));
            if (read != entry.getValue()) {
                changed = changed == null ? Trees.thaw(object) : changed;
                changed.set(entry.getKey(), read);
            }
        }
        return changed == null ? object : changed;
    }

    /** What null is in a map: its values are no pointers. */
    private static JsonNode zero(Shape shape) {
        return switch (shape) {
            case Shape.Text text -> TextNode.valueOf("");
            case Shape.Own own when own.format() == OwnFormat.QUANTITY -> TextNode.valueOf("0");
            case Shape.Own _, Shape.Struct _, Shape.Items _, Shape.Entries _ -> NullNode.getInstance();
            case Shape.Whole _, Shape.Bytes _, Shape.Real _, Shape.Truth _, Shape.Free _ -> NullNode.getInstance();
        };
    }

    private JsonNode own(OwnFormat format, JsonNode value, Place place) {
        if (!format.isReadable(value)) {
            boolean number = format.goType().startsWith("int");
            Place read = form == Structure.Form.TREE ? Place.ROOT : place;
            throw new UndecodableException(GoJson.mismatch(value, number, read, format.goType()));
        }
        JsonNode read = format.read(value, form);
        String why = format.wrong(read);
        if (why != null) {
            throw new UndecodableException(why);
        }
        return read;
    }

    private JsonNode bytes(JsonNode value) {
        String why = GoBase64.wrong(value.textValue());
        if (why != null) {
            refuse(why);
        }
        return value;
    }

    private boolean isWhole(JsonNode value, Shape.Whole whole) {
        if (form == Structure.Form.TREE && value.isNumber()) {
            return value.isIntegralNumber() || value.doubleValue() == Math.rint(value.doubleValue());
        }
        return value.isIntegralNumber()
                && (whole.bits() == Integer.SIZE ? value.canConvertToInt() : value.canConvertToLong());
    }

    private static JsonNode whole(JsonNode number) {
        return Objects.requireNonNull(Trees.freeze(Trees.object().set("n", LongNode.valueOf(number.longValue())))
                .get("n"));
    }

    private String mismatch(Shape shape, JsonNode value, Place place) {
        return form == Structure.Form.TREE
                ? GoConversion.mismatch(shape, value, place.goType())
                : GoJson.mismatch(value, shape instanceof Shape.Whole, place, place.goType());
    }

    private void refuse(String why) {
        if (form == Structure.Form.TREE) {
            throw new UndecodableException(why);
        }
        wrong = wrong == null ? why : wrong;
    }
}
