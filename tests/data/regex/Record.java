import java.io.PrintStream;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Records what java.util.regex says of random patterns and texts, for tests/java_regex.rs:
 * java Record.java SEED PATTERNS > java_regex.json
 */
public class Record {
    static Random random;
    /** What the pattern is made of: plain ones have only what the users of regex policies write. */
    static boolean plain;
    static final String[] LETTERS = {"a", "b", "c", "A", "B", "k", "0", "1", "9", "_", "-", " ", "é", "@", "/", "ä", "😀"};
    static final String[] ODD = {"\n", "\r", "\u0085", "\u2028", "\u212A", "\u017F", "\t", "\u00A0", "[", "]", "&", "^", ".", "\\", "{", "}", "E", "Q"};

    static int below(int bound) { return random.nextInt(bound); }
    static boolean chance(int percent) { return below(100) < percent; }
    static String pick(String... texts) { return texts[below(texts.length)]; }
    static String letter() { return plain || chance(92) ? LETTERS[below(LETTERS.length)] : ODD[below(ODD.length)]; }

    static String escaped(String text) {
        if (text.length() == 1 && "[]&^.\\{}-()|*+?$".contains(text)) return "\\" + text;
        return text;
    }

    /** A pattern and a text that it may match. */
    static String[] choice(int depth) {
        String[] first = sequence(depth);
        StringBuilder pattern = new StringBuilder(first[0]);
        String text = first[1];
        while (chance(depth > 0 ? 25 : 10)) {
            String[] other = sequence(depth);
            pattern.append('|').append(other[0]);
            if (chance(50)) text = other[1];
        }
        return new String[] {pattern.toString(), text};
    }

    static String[] sequence(int depth) {
        StringBuilder pattern = new StringBuilder();
        StringBuilder text = new StringBuilder();
        int count = chance(4) ? 0 : 1 + below(4);
        for (int i = 0; i < count; i++) {
            String[] atom = atom(depth);
            pattern.append(atom[0]);
            int times = 1;
            if (chance(35)) {
                switch (below(6)) {
                    case 0 -> { pattern.append('*'); times = below(4); }
                    case 1 -> { pattern.append('+'); times = 1 + below(3); }
                    case 2 -> { pattern.append('?'); times = below(2); }
                    case 3 -> { int n = below(4); pattern.append("{" + n + "}"); times = n; }
                    case 4 -> { int n = below(3); pattern.append("{" + n + ",}"); times = n + below(3); }
                    default -> { int n = below(3); int m = n + below(3); pattern.append("{" + n + "," + m + "}"); times = n + below(m - n + 1); }
                }
                if (chance(20)) pattern.append('?');
                else if (!plain && chance(8)) pattern.append('+');
                else if (!plain && chance(3)) pattern.append(pick("*", "{2}", "?"));
            }
            for (int t = 0; t < times; t++) text.append(atom[1]);
        }
        return new String[] {pattern.toString(), text.toString()};
    }

    static String[] atom(int depth) {
        int kind = below(100);
        if (kind < 40) { String text = letter(); return new String[] {plain || chance(80) ? escaped(text) : text, text}; }
        if (kind < 50) return new String[] {".", letter()};
        if (kind < 62) return predefined();
        if (kind < 78) return characters(0);
        if (kind < 90 && depth > 0) {
            String[] inner = choice(depth - 1);
            String open = plain ? pick("(", "(?:") : pick("(", "(", "(?:", "(?:", "(?i:", "(?-i:", "(?s:", "(?<n" + below(5) + ">", "(?=", "(?!", "(?>", "(?<=", "(?m:", "(?x:", "(?u:", "(?d:", "(?-:");
            return new String[] {open + inner[0] + ")", inner[1]};
        }
        if (plain) { String text = letter(); return new String[] {escaped(text), text}; }
        switch (below(14)) {
            case 0: return new String[] {pick("^", "\\A", "\\G", "\\b", "\\B"), ""};
            case 1: return new String[] {pick("$", "\\Z", "\\z"), chance(20) ? pick("\n", "\r\n", "\u2028") : ""};
            case 2: return new String[] {pick("(?i)", "(?-i)", "(?s)", "(?u)", "(?iu)", "(?m)", "(?is)", "(?x)", "(?)"), ""};
            case 3: { String text = letter() + letter() + letter(); return new String[] {"\\Q" + text + (chance(85) ? "\\E" : ""), text}; }
            case 4: return new String[] {pick("\\x41", "\\x{62}", "\\x{1F600}", "\\u0061", "\\uD83D\\uDE00", "\\061", "\\0101", "\\060", "\\cA", "\\x4", "\\uD83D", "\\x{110000}", "\\0477", "\\09"), pick("A", "b", "😀", "a", "1")};
            case 5: return new String[] {"\\" + pick("1", "2", "k<n1>", "R", "X", "N{LATIN SMALL LETTER A}", "q", "E", "y", "é", "_", "<", "\n"), letter()};
            case 6: return new String[] {"\\" + pick("p", "P") + "{" + pick("Lower", "Upper", "Alpha", "Digit", "Alnum", "Punct", "Graph", "Print", "Blank", "Cntrl", "XDigit", "Space", "ASCII", "L", "Lu", "IsAlphabetic", "IsLatin", "javaLowerCase", "Nope") + "}", letter()};
            case 7: return new String[] {pick("\\h", "\\H", "\\v", "\\V"), pick("\t", " ", "\n", "a", "\u00A0")};
            case 8: return new String[] {pick("{", "}", "]", "{,2}", "{a}", "*", "+?", ")", "(", "[", "\\"), letter()};
            default: return characters(2);
        }
    }

    static String[] predefined() {
        return switch (below(6)) {
            case 0 -> new String[] {"\\d", pick("0", "5", "٣")};
            case 1 -> new String[] {"\\D", letter()};
            case 2 -> new String[] {"\\w", pick("a", "Z", "_", "é")};
            case 3 -> new String[] {"\\W", pick("-", " ", "é")};
            case 4 -> new String[] {"\\s", pick(" ", "\t", "\u000B", "\u00A0")};
            default -> new String[] {"\\S", letter()};
        };
    }

    static String[] characters(int depth) {
        StringBuilder pattern = new StringBuilder("[");
        String text = letter();
        if (chance(20)) pattern.append('^');
        int count = 1 + below(4);
        for (int i = 0; i < count; i++) {
            int kind = below(plain ? 10 : 16);
            if (kind < 4) { text = letter(); pattern.append(escaped(text)); }
            else if (kind < 7) { pattern.append(pick("a-c", "0-9", "A-Z", "a-z", "é-ü", " -~", "X-c")); if (chance(40)) text = pick("b", "5", "Q", "x"); }
            else if (kind < 8) pattern.append(pick("\\d", "\\w", "\\s", "\\D", "\\S", "\\W"));
            else if (kind < 10) pattern.append(pick("_", "@", ".", "\\-", "\\]", "\\."));
            else if (kind < 11) pattern.append(pick("-", "]", "^", "&", "[", "\\v", "\\h", "\\Q^-\\E", "\\Qa", "\\x61", "\\0101-c", "a-\\x7A", "\\p{Upper}", "\\P{Alpha}", "z-a", "a-\\d", "\\b", "\\n", "*", "$"));
            else if (kind < 13 && depth > 0) pattern.append(characters(depth - 1)[0]);
            else if (kind < 15 && depth > 0) { pattern.append("&&"); if (chance(50)) pattern.append(characters(depth - 1)[0]); }
            else { text = letter(); pattern.append(text); }
        }
        if (chance(10)) pattern.append('-');
        return new String[] {pattern.append(']').toString(), text};
    }

    static String changed(String text) {
        int[] points = text.codePoints().toArray();
        StringBuilder out = new StringBuilder();
        int at = below(points.length + 1);
        for (int i = 0; i < points.length; i++) {
            if (i == at && chance(50)) { if (chance(50)) out.append(letter()); continue; }
            if (i == at) out.append(letter());
            String one = new String(Character.toChars(points[i]));
            out.append(chance(10) ? (chance(50) ? one.toUpperCase() : one.toLowerCase()) : one);
        }
        if (at == points.length) out.append(pick(letter(), "\n", "\r\n"));
        return out.toString();
    }

    static String json(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < ' ' || c == 0x7F || c == 0x85 || c == 0xA0 || c >= 0x2000 && c < 0x2100) out.append(String.format("\\u%04X", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }

    static String answer(Pattern pattern, String text) {
        try {
            return pattern.matcher(text).matches() ? "true" : "false";
        } catch (StackOverflowError | NullPointerException error) {
            return "null";
        }
    }

    public static void main(String[] arguments) {
        random = new Random(Long.parseLong(arguments[0]));
        int count = Integer.parseInt(arguments[1]);
        PrintStream out = new PrintStream(System.out, false, java.nio.charset.StandardCharsets.UTF_8);
        out.println("{\"about\":\"What java.util.regex (" + System.getProperty("java.version") + ") says: made by Record.java with seed " + arguments[0] + ". A pattern without answers is refused by Java.\",\n\"patterns\":[");
        for (int i = 0; i < count; i++) {
            plain = i % 2 == 0;
            String[] made = choice(2);
            String pattern = made[0];
            if (plain && chance(15)) pattern = "(?i)" + pattern;
            if (plain && chance(15)) pattern = "^" + pattern.replace("|", "") + "$";
            plain = i % 2 == 0;
            StringBuilder line = new StringBuilder("{\"pattern\":" + json(pattern) + ",\"plain\":" + plain);
            try {
                Pattern compiled = Pattern.compile(pattern);
                line.append(",\"answers\":[");
                plain = false;
                String text = made[1];
                for (int t = 0; t < 4; t++) {
                    line.append(t == 0 ? "" : ",").append("[" + json(text) + "," + answer(compiled, text) + "]");
                    text = changed(t == 1 ? text : made[1]);
                }
                line.append("]");
            } catch (PatternSyntaxException error) {
                // No answers.
            }
            out.println(line + "}" + (i + 1 < count ? "," : ""));
        }
        out.println("]}");
        out.flush();
    }
}
