using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace WaMigration.Containers.Docker;

/// <summary>A program's standard output to read and standard input to write; ends the program with the stream.</summary>
internal sealed class ProcessStream : Stream
{
    private const int MaxErrorText = 4096;
    private readonly Process process;
    private readonly Stream input;
    private readonly Stream output;
    private readonly StringBuilder errors = new();
    private bool sawOutput;

    internal ProcessStream(Process process)
    {
        this.process = process;
        input = process.StandardInput.BaseStream;
        output = process.StandardOutput.BaseStream;
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginErrorReadLine();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Judge(output.Read(buffer, offset, count));

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Judge(await output.ReadAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false));

    public override void Write(byte[] buffer, int offset, int count)
    {
        input.Write(buffer, offset, count);
        input.Flush();
    }

    public override async Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        await input.WriteAsync(buffer, offset, count, cancellationToken).ConfigureAwait(false);
        await input.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => input.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => input.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
            catch (Exception failure) when (failure is InvalidOperationException or Win32Exception)
            {
                // It ended between the question and the kill, which is what was wanted.
            }

            process.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Remember(string? line)
    {
        lock (errors)
        {
            if (line is not null && errors.Length < MaxErrorText)
            {
                errors.Append(errors.Length == 0 ? string.Empty : "; ").Append(line);
            }
        }
    }

    /// <summary>An end before the first byte is a failed connection; what the program said is the reason.</summary>
    private int Judge(int read)
    {
        if (read == 0 && !sawOutput)
        {
            lock (errors)
            {
                throw new IOException(ContainerText.Catalog.Format("SshEnded", errors));
            }
        }

        sawOutput = true;
        return read;
    }
}
