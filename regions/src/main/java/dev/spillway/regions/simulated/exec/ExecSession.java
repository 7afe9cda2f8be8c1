package dev.spillway.regions.simulated.exec;

import dev.spillway.regions.simulated.container.ContainerLife;
import dev.spillway.regions.simulated.container.LogOptions;
import dev.spillway.regions.simulated.container.LogStream;
import dev.spillway.regions.simulated.shell.CommandInput;
import dev.spillway.regions.simulated.shell.Console;
import dev.spillway.regions.simulated.shell.Shell;
import dev.spillway.regions.simulated.shell.Surroundings;
import dev.spillway.regions.simulated.shell.Terminal;
import dev.spillway.regions.simulated.shell.TerminalOutput;
import dev.spillway.regions.simulated.websocket.WebSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exec or attach, from the open WebSocket to its end. The thread that runs it receives; a second one runs the command, a third one waits for
 * the end of the container. All are gone when it returns.
 */
public final class ExecSession {
    /** Of a message from a client. */
    public static final int MOST_BYTES = 1 << 20;

    private static final Duration PING_EVERY = Duration.ofSeconds(10);
    private static final Duration GOODBYE = Duration.ofSeconds(5);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(ExecSession.class);

    private final ContainerLife container;
    private final ExecRequest request;
    private final WebSocket socket;
    private final Channels channels;
    private final CommandInput input = new CommandInput();
    private final Optional<Terminal> terminal;
    private final Thread receiver = Thread.currentThread();
    private final CountDownLatch received = new CountDownLatch(1);
    private final Client client = new Client();
    private final Object ending = new Object();
    // Guarded by ending.
    private boolean receiving = true;
    private volatile Console.Size size = Console.Size.UNKNOWN;

    private ExecSession(ContainerLife container, ExecRequest request, WebSocket socket, String protocol) {
        this.container = container;
        this.request = request;
        this.socket = socket;
        this.channels = new Channels(socket, protocol);
        this.terminal = request.tty()
                ? Optional.of(new Terminal(
                        input,
                        this::put,
                        request.stdout() ? channels.output(Channels.STDOUT) : OutputStream.nullOutputStream()))
                : Optional.empty();
    }

    /** Runs one, until it is over or the client has gone. */
    public static void run(ContainerLife container, ExecRequest request, WebSocket socket, String protocol)
            throws InterruptedException {
        new ExecSession(container, request, socket, protocol).run();
    }

    private void run() throws InterruptedException {
        Thread command = Thread.ofVirtual().name("simulated-exec").start(this::carryOut);
        Thread watch = Thread.ofVirtual().name("simulated-exec-watch").start(this::watch);
        try {
            receive();
        } finally {
            endReceiving();
            input.kill();
            command.interrupt();
            watch.interrupt();
            join(command);
            join(watch);
        }
    }

    /** Waits for the end of a thread that was told to end, whatever else this one is told. */
    private static void join(Thread ending) {
        boolean interrupted = false;
        while (ending.isAlive()) {
            try {
                ending.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive() throws InterruptedException {
        if (!request.stdin()) {
            input.end();
        }
        try {
            boolean open = true;
            while (open) {
                open = channels.receive(client);
            }
        } catch (IOException ended) {
            LOG.atDebug().setCause(ended).log("the client of an exec has gone, or broke the protocol");
            drain();
        }
    }

    private void drain() {
        input.kill();
        try {
            socket.drain();
        } catch (IOException gone) {
            LOG.atTrace().setCause(gone).log("the client of an exec has gone");
        }
    }

    private void endReceiving() {
        synchronized (ending) {
            receiving = false;
            // Whoever interrupted it wanted what is happening now.
            var _ = Thread.interrupted();
        }
        received.countDown();
    }

    /** Ends the wait for the client, and with it the connection. */
    private void stopReceiving() {
        synchronized (ending) {
            if (receiving) {
                receiver.interrupt();
            }
        }
    }

    /** Waits as long as the command does not read, and finds out meanwhile whether the client is still there. */
    private void put(byte[] bytes) throws IOException, InterruptedException {
        int done = input.put(bytes, 0, bytes.length, PING_EVERY);
        while (done < bytes.length) {
            socket.ping();
            done += input.put(bytes, done, bytes.length - done, PING_EVERY);
        }
    }

    private void watch() {
        try {
            while (!container.isOver()) {
                container.await(container.time().plus(LOOK_EVERY));
            }
            input.kill();
        } catch (InterruptedException over) {
            LOG.atTrace().log("an exec is over before its container");
        }
    }

    private void carryOut() {
        try {
            converse();
            // Time for the client to say goodbye, or to read what it was told.
            var _ = received.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException gone) {
            LOG.atDebug().log("an exec ends with its client");
        } finally {
            stopReceiving();
        }
    }

    private void converse() throws InterruptedException {
        try {
            // A client learns from the first message that all is open.
            channels.send(request.firstOutput(), new byte[0], 0, 0);
            byte[] status = ExecStatus.of(request.command(), exitCode());
            channels.send(Channels.STATUS, status, 0, status.length);
            input.kill();
            socket.close(WebSocket.NORMAL, "");
        } catch (IOException gone) {
            LOG.atDebug().setCause(gone).log("the client of an exec takes nothing more");
        }
    }

    private int exitCode() throws IOException, InterruptedException {
        OutputStream out = output(request.stdout(), Channels.STDOUT);
        if (request.command().isEmpty()) {
            LogStream.write(container, LogOptions.FROM_NOW_ON, out);
            return 0;
        }
        OutputStream err = request.tty() ? out : output(request.stderr(), Channels.STDERR);
        Optional<Supplier<Console.Size>> screen = request.tty() ? Optional.of(() -> size) : Optional.empty();
        return new Shell(surroundings()).run(request.command(), new Console(input, out, err, screen));
    }

    private OutputStream output(boolean wanted, int channel) {
        if (!wanted) {
            return OutputStream.nullOutputStream();
        }
        return request.tty() ? new TerminalOutput(channels.output(channel)) : channels.output(channel);
    }

    private Surroundings surroundings() {
        String hostname = container.now().pod().name();
        Map<String, String> environment = new TreeMap<>(Map.of(
                "HOME",
                "/root",
                "HOSTNAME",
                hostname,
                "PATH",
                "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
        if (request.tty()) {
            environment.put("TERM", "xterm");
        }
        return new Surroundings(hostname, environment, container::time);
    }

    private final class Client implements Channels.Listener {
        @Override
        public void input(byte[] bytes) throws IOException, InterruptedException {
            if (request.stdin() && terminal.isPresent()) {
                terminal.get().type(bytes);
            } else if (request.stdin()) {
                put(bytes);
            }
        }

        @Override
        public void endOfInput() {
            input.end();
        }

        @Override
        public void resized(Console.Size changed) {
            size = changed;
        }
    }
}
