"""A copy that browsers play of a recording that none does: the AMR of WeChat's voices becomes WAV (decision 0101)."""

import io
import logging
import wave
from collections.abc import Iterator

from django.core.files.base import ContentFile, File

log = logging.getLogger(__name__)
LONGEST = 5 * 60  # seconds that are copied, some 5 MB; WeChat records one minute
RATE = 8000  # of AMR
BEGINNING = ".beginning"
"""How the name of a copy ends where the recording goes on after it; `ui/file.html` says so."""


def playable(upload: File) -> tuple[File | None, bool]:
    """WAV of one channel, up to where the file is broken, None where nothing can be heard; and whether it goes on after
    what was copied. A tenth of a second a minute.
    """
    kept, pieces, goes_on = io.BytesIO(), heard(upload), False
    with wave.open(kept, "wb") as copy:
        copy.setnchannels(1)
        copy.setsampwidth(2)
        copy.setframerate(RATE)
        for piece in pieces:
            copy.writeframes(piece)
            if copy.getnframes() >= LONGEST * RATE:
                goes_on = next(pieces, None) is not None
                break
        anything = copy.getnframes() > 0
    upload.seek(0)
    return (ContentFile(kept.getvalue()) if anything else None), goes_on


def heard(upload: File) -> Iterator[bytes]:
    """Samples of 16 bits. Only AMR is read, whatever else FFmpeg knows."""
    import av  # twenty megabytes in every process, which most never need

    upload.seek(0)
    try:
        with av.open(upload, format="amr") as source:
            alike = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in source.decode(audio=0):
                for piece in alike.resample(frame):
                    yield piece.to_ndarray().tobytes()
    except (av.FFmpegError, ValueError, IndexError) as error:
        log.info("a recording could not be copied to its end: %s", type(error).__name__)
