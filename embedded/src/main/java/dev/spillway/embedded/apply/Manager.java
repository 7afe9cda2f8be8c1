package dev.spillway.embedded.apply;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Who owns fields: what tells one entry of managedFields from another. Ordered by name.
 *
 * @param apiVersion in which it wrote; null for appliers, which are the same in every version
 * @param subresource through which it wrote; empty for none
 */
record Manager(String name, Operation operation, @Nullable String apiVersion, String subresource)
        implements Comparable<Manager> {

    private static final Comparator<Manager> ORDER = Comparator.comparing(Manager::name)
            .thenComparing(Manager::operation)
            .thenComparing(manager -> manager.apiVersion() == null ? "" : manager.apiVersion())
            .thenComparing(Manager::subresource);

    /** How it writes; in the order of managedFields. */
    enum Operation {
        APPLY("Apply"),
        UPDATE("Update");

        private final String text;

        Operation(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** As a conflict names it: {@code "kubectl" with subresource "status" using apps/v1}. */
    String shown() {
        String shown = TextNode.valueOf(name).toString();
        if (!subresource.isEmpty()) {
            shown += " with subresource " + TextNode.valueOf(subresource);
        }
        return operation == Operation.UPDATE ? shown + " using " + apiVersion : shown;
    }

    @Override
    public int compareTo(Manager other) {
        return ORDER.compare(this, other);
    }
}
