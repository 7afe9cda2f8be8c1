package dev.spillway.app.monitoring;

import dev.spillway.kube.http.Sender;
import dev.spillway.kube.translate.ApiRequest;
import dev.spillway.kube.translate.ApiResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A sender that counts the mutating requests that pass. */
final class MeteredSender implements Sender {
    private final Sender sender;
    private final Meters meters;

    MeteredSender(Sender sender, Meters meters) {
        this.sender = sender;
        this.meters = meters;
    }

    @Override
    public ApiResponse send(ApiRequest request, Duration deadline) throws IOException {
        if (!request.isMutating()) {
            return sender.send(request, deadline);
        }
        String code = "none";
        try {
            var response = sender.send(request, deadline);
            code = Integer.toString(response.code());
            return response;
        } finally {
            meters.wrote(request.method(), resourceOf(request.path()), code);
        }
    }

    /**
     * The resource of a request, such as {@code pods/binding}: {@code /api/v1/RESOURCE/NAME/SUBRESOURCE}, with {@code
     * apis/GROUP/VERSION} in place of {@code api/VERSION} and {@code namespaces/NAMESPACE} between where there is one.
     */
    static String resourceOf(String path) {
        int end = path.indexOf('?');
        var parts = new ArrayList<>(
                List.of((end < 0 ? path : path.substring(0, end)).substring(1).split("/", -1)));
        int prefix = parts.getFirst().equals("apis") ? 3 : 2;
        var rest = parts.subList(Math.min(prefix, parts.size()), parts.size());
        if (rest.size() > 2 && rest.getFirst().equals("namespaces")) {
            rest = rest.subList(2, rest.size());
        }
        return switch (rest.size()) {
            case 0 -> "other";
            case 1, 2 -> rest.getFirst();
            default -> rest.getFirst() + "/" + rest.get(2);
        };
    }
}
