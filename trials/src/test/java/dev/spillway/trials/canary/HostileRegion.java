package dev.spillway.trials.canary;

import dev.spillway.clusterregion.Gateway;
import dev.spillway.clusterregion.SecretsPlay;
import dev.spillway.trials.canary.Evidence.Channel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A region that answers with an error of the code that the namespace's name ends with and quotes all that it was sent: in namespaces {@code s-CODE}
 * where Secrets are written, in {@code p-CODE} where pods are.
 */
final class HostileRegion implements Gateway.Script {
    private static final Pattern QUOTED = Pattern.compile("/namespaces/home-([sp])-(\\d+)/(secrets|pods)");

    /** What it has been sent, to show that it was: nothing leaks that was never there. */
    final Set<Canary> sent = ConcurrentHashMap.newKeySet();

    private final Evidence evidence;
    private final SecretsPlay secrets;

    HostileRegion(Evidence evidence, SecretsPlay secrets) {
        this.evidence = evidence;
        this.secrets = secrets;
    }

    @Override
    public Gateway.@Nullable Answer on(Gateway.Call call) {
        note(call);
        var path = call.path();
        if (path.contains("/log?")) {
            return new Gateway.Answer(200, Map.of("Content-Type", "text/plain"), Canary.LOG_LINE.value() + "\n");
        }
        if (path.contains("/exec?")) {
            return Quoting.answer(403, call);
        }
        var quoted = QUOTED.matcher(path);
        if (!call.method().equals("GET") && quoted.find()) {
            boolean isMeant = quoted.group(3).equals(quoted.group(1).equals("s") ? "secrets" : "pods");
            if (isMeant) {
                return Quoting.answer(Integer.parseInt(quoted.group(2)), call);
            }
        }
        return secrets.on(call);
    }

    private void note(Gateway.Call call) {
        // How Kubernetes has it: the command of a shell stands in the address.
        boolean isExec = call.path().contains("/exec?");
        evidence.add(Channel.URL, isExec ? call.path().replace(Canary.EXEC_COMMAND.value(), "COMMAND") : call.path());
        var all =
                call.path() + call.body() + call.exchange().getRequestHeaders().getFirst("Authorization");
        for (var canary : Canary.values()) {
            if (canary.forms().stream().anyMatch(all::contains)) {
                sent.add(canary);
            }
        }
    }
}
