// The only process of the emulated machine that `avx512` boots: runs one program, passes on what it prints, powers off.
//
// Output goes to port 0xe9, which Bochs prints as it comes; a serial line would take a handshake a byte. Two lines of our own
// stand around it, so that the host can tell the program's words from the emulator's: "@@begin" and "@@end STATUS".
//
// `/command` holds the program's environment and arguments, each ended by NUL, with an empty string between the two.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { console_port = 0xe9, power_port = 0x8900, most_words = 1024 };

static char command[1 << 16];
static char *environment[most_words], *arguments[most_words];

static void print(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++) outb((unsigned char)text[i], console_port);
}

// Bochs ends when it reads this word at this port (iodev/unmapped.cc).
static void power_off(void) {
    for (const char *c = "Shutdown"; *c != 0; c++) outb((unsigned char)*c, power_port);
    for (;;) pause();
}

// The words from `word` to the next empty one, which is passed over; at most `most_words` of them, NULL after the last.
static char *split(char *word, char **words) {
    int count = 0;
    for (; *word != 0 && count < most_words - 1; word += strlen(word) + 1) words[count++] = word;
    return word + 1;
}

static int read_command(void) {
    int file = open("/command", O_RDONLY);
    ssize_t count = file < 0 ? -1 : read(file, command, sizeof command - 2);
    if (count <= 0) return 0;
    close(file);
    split(split(command, environment), arguments);
    return arguments[0] != NULL;
}

static void run(int output) {
    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    iopl(0);
    execve(arguments[0], arguments, environment);
    perror(arguments[0]);
    _exit(127);
}

int main(void) {
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    if (iopl(3) != 0) return 1;

    static const char begin[] = "\n@@begin\n";
    print(begin, sizeof begin - 1);
    int status = 127, ends[2];
    char last = '\n';
    if (read_command() && pipe(ends) == 0) {
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            run(ends[1]);
        }
        close(ends[1]);
        char text[4096];
        for (ssize_t count; (count = read(ends[0], text, sizeof text)) > 0; last = text[count - 1])
            print(text, (size_t)count);
        int wait_status = 0;
        waitpid(child, &wait_status, 0);
        status = WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
    }
    char end[32];
    print(end, (size_t)snprintf(end, sizeof end, "%s@@end %d\n", last == '\n' ? "" : "\n", status));
    power_off();
}
