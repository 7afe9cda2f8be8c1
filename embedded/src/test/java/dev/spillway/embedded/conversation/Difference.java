package dev.spillway.embedded.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Where two trees differ: one line for each place. */
final class Difference {

    private final List<String> lines = new ArrayList<>();

    private Difference() {}

    static List<String> between(JsonNode store, JsonNode real) {
        Difference difference = new Difference();
        difference.compare("", store, real);
        return difference.lines;
    }

    private void compare(String path, JsonNode store, JsonNode real) {
        if (store.equals(real)) {
            return;
        }
        if (store.isObject() && real.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            store.fieldNames().forEachRemaining(names::add);
            real.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(path + "/" + name, store.path(name), real.path(name)));
        } else if (store.isArray() && real.isArray() && store.size() == real.size()) {
            for (int i = 0; i < store.size(); i++) {
                compare(path + "/" + i, store.get(i), real.get(i));
            }
        } else {
            lines.add("%s\n        store: %s\n        real:  %s".formatted(path, shown(store), shown(real)));
        }
    }

    private static String shown(JsonNode node) {
        return node instanceof MissingNode ? "(nothing)" : node.toString();
    }
}
