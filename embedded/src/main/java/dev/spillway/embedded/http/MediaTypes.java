package dev.spillway.embedded.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a client accepts, in its order of preference.
 *
 * <p>Weights are not looked at: clients of Kubernetes list their preferences in order and give none.
 */
record MediaTypes(List<Range> ranges) {

    static final String JSON = "application/json";

    /** The content type of aggregated discovery, as the API names it. */
    static final String AGGREGATED_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    /** One range, such as {@code application/json;as=Table;g=meta.k8s.io;v=v1}. */
    record Range(String type, Map<String, String> parameters) {

        boolean isJson() {
            return type.equals(JSON) || type.equals("application/*") || type.equals("*/*");
        }

        /** The kind that an answer is to be turned into; empty for none. */
        String as() {
            return parameters.getOrDefault("as", "");
        }

        private boolean is(String as, String group, String version) {
            return isJson()
                    && as().equals(as)
                    && group.equals(parameters.get("g"))
                    && version.equals(parameters.get("v"));
        }

        boolean isTable() {
            return is("Table", "meta.k8s.io", "v1");
        }

        boolean isAggregatedDiscovery() {
            return is("APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2");
        }
    }

    static MediaTypes parse(String accept) {
        List<Range> ranges = new ArrayList<>();
        for (String part : accept.split(",", -1)) {
            List<String> pieces = List.of(part.split(";", -1));
            Map<String, String> parameters = new TreeMap<>();
            for (String piece : pieces.subList(1, pieces.size())) {
                int mark = piece.indexOf('=');
                if (mark > 0) {
                    parameters.put(
                            piece.substring(0, mark).strip(),
                            piece.substring(mark + 1).strip());
                }
            }
            String type = pieces.getFirst().strip();
            if (!type.isEmpty()) {
                ranges.add(new Range(type, parameters));
            }
        }
        return new MediaTypes(ranges.isEmpty() ? List.of(new Range("*/*", Map.of())) : List.copyOf(ranges));
    }

    /** Whether a table comes before plain JSON. */
    boolean prefersTable() {
        for (Range range : ranges) {
            if (range.isTable()) {
                return true;
            }
            if (range.isJson() && range.as().isEmpty()) {
                return false;
            }
        }
        return false;
    }

    /** Whether aggregated discovery comes before the older form. */
    boolean prefersAggregatedDiscovery() {
        for (Range range : ranges) {
            if (range.isAggregatedDiscovery()) {
                return true;
            }
            if (range.isJson() && range.as().isEmpty()) {
                return false;
            }
        }
        return false;
    }

    /** Whether JSON, or a table, can be had at all. */
    boolean takesJson() {
        return ranges.stream().anyMatch(range -> range.isJson() && (range.as().isEmpty() || range.isTable()));
    }
}
