# Made up: plays the colleague with the workbook. / Hư cấu: đóng vai đồng nghiệp.
from openpyxl import load_workbook

WORDS = ("none", "plan", "pilot", "operating", "measured effect")
made_up = map(int, "34233230 32231 43232 312 32323".replace(" ", ""))
book = load_workbook("questions.xlsx")
for factor in ("work", "innovate", "include", "engage", "sustain"):
    for row in book[factor].iter_rows(min_row=3):
        if row[2].value:  # a question
            answer = next(made_up)
            row[6].value = WORDS[answer] if "none" in row[4].value else answer
book.save("questions.xlsx")
