package dev.spillway.embedded.tree;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a frozen object in their order, in a quarter of the memory of a linked map: a store keeps hundreds of thousands of
 * them. Refuses every change.
 */
final class FrozenFields extends AbstractMap<String, JsonNode> {

    private final FieldNames names;
    private final JsonNode[] values;

    /** The array is kept, and must not be changed any more; as long as there are names. */
    FrozenFields(FieldNames names, JsonNode[] values) {
        this.names = names;
        this.values = values;
    }

    @Override
    public int size() {
        return values.length;
    }

    @Override
    public @Nullable JsonNode get(@Nullable Object name) {
        int place = names.indexOf(name);
        return place < 0 ? null : values[place];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return names.indexOf(name) >= 0;
    }

    @Override
    public @Nullable JsonNode remove(Object name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void clear() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<Map.Entry<String, JsonNode>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Map.Entry<String, JsonNode>> {
        @Override
        public int size() {
            return values.length;
        }

        @Override
        public Iterator<Map.Entry<String, JsonNode>> iterator() {
            return new Cursor();
        }

        @Override
        public void clear() {
            throw new UnsupportedOperationException();
        }
    }

    private final class Cursor implements Iterator<Map.Entry<String, JsonNode>> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < values.length;
        }

        @Override
        public Map.Entry<String, JsonNode> next() {
            if (next >= values.length) {
                throw new NoSuchElementException();
            }
            var entry = Map.entry(names.at(next), values[next]);
            next++;
            return entry;
        }
    }
}
