package dev.spillway.simulation;

import dev.spillway.core.engine.Engine;
import dev.spillway.recording.replay.Replay;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.BranchInstruction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A copy of the core, with all that replays, in which one byte of one class is another one.
 *
 * @param which counts such places in the class, from 0
 */
record ChangedByte(Class<?> of, Kind kind, int which) {
    /** What the byte is. */
    enum Kind {
        /** A small constant, greater by one. */
        CONSTANT,
        /** A conditional branch, taken when it was not. */
        BRANCH
    }

    private record Place(int offset, byte value) {}

    /** How many such places a class has. */
    static int count(Class<?> of, Kind kind) {
        return places(of, kind).size();
    }

    /** Replays with the changed code and returns what is printed. */
    String replay(Path recording) {
        try {
            return (String) new Changed()
                    .loadClass(Replayed.class.getName())
                    .getMethod("report", Path.class)
                    .invoke(null, recording);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot replay with " + this, e);
        }
    }

    @Override
    public String toString() {
        return "%s %d of %s".formatted(kind.name().toLowerCase(Locale.ROOT), which + 1, of.getSimpleName());
    }

    private byte[] bytes() {
        var bytes = bytes(of.getName());
        var place = places(of, kind).get(which);
        bytes[place.offset()] = place.value();
        return bytes;
    }

    private static List<Place> places(Class<?> of, Kind kind) {
        var bytes = bytes(of.getName());
        var places = new ArrayList<Place>();
        for (var method : ClassFile.of().parse(bytes).methods()) {
            method.code().ifPresent(code -> {
                int begin = offset(bytes, ((CodeAttribute) code).codeArray());
                places.addAll(places(code, begin, bytes, kind));
            });
        }
        return places;
    }

    private static List<Place> places(CodeModel code, int begin, byte[] bytes, Kind kind) {
        var places = new ArrayList<Place>();
        int at = begin;
        for (var element : code) {
            if (!(element instanceof Instruction instruction)) {
                continue;
            }
            if (kind == Kind.CONSTANT && instruction.opcode() == Opcode.BIPUSH) {
                places.add(new Place(at + 1, (byte) (bytes[at + 1] + 1)));
            }
            if (kind == Kind.BRANCH
                    && instruction instanceof BranchInstruction
                    && isConditional(instruction.opcode())) {
                places.add(new Place(at, opposite(bytes[at])));
            }
            at += instruction.sizeInBytes();
        }
        return places;
    }

    private static boolean isConditional(Opcode opcode) {
        return opcode != Opcode.GOTO && opcode != Opcode.GOTO_W;
    }

    /** Opposite branches are neighbours: ifeq and ifne, iflt and ifge and so on, of which the first is odd, and ifnull even. */
    private static byte opposite(byte opcode) {
        int ifnull = Opcode.IFNULL.bytecode();
        int unsigned = Byte.toUnsignedInt(opcode);
        return (byte) (unsigned >= ifnull ? unsigned ^ 1 : ((unsigned + 1) ^ 1) - 1);
    }

    private static int offset(byte[] whole, byte[] part) {
        for (int at = 0; at + part.length <= whole.length; at++) {
            if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        throw new AssertionError("a method's code is part of its class");
    }

    private static byte[] bytes(String name) {
        try (InputStream in = ChangedByte.class.getResourceAsStream("/" + name.replace('.', '/') + ".class")) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loads the core and what replays anew, the one class with its changed byte. */
    private final class Changed extends ClassLoader {
        private static final List<String> ANEW = List.of(
                Engine.class.getPackageName().replaceFirst("\\.engine$", "."),
                Replay.class.getPackageName().replaceFirst("\\.replay$", "."),
                Replayed.class.getName());

        Changed() {
            super(ChangedByte.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                var loaded = findLoadedClass(name);
                if (loaded == null && ANEW.stream().anyMatch(name::startsWith)) {
                    var bytes = name.equals(of.getName()) ? bytes() : bytes(name);
                    loaded = defineClass(name, bytes, 0, bytes.length);
                }
                return loaded == null ? super.loadClass(name, resolve) : loaded;
            }
        }
    }
}
